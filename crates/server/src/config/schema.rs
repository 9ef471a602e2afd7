//! What is known about a setting, and the macro that makes typed settings and their schema from one
//! list, so that the two cannot drift apart (CFG-1).

/// How a value is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Free text of some form.
    Text,
    /// A whole number within bounds.
    Whole {
        /// The smallest.
        min: u64,
        /// The largest.
        max: u64,
    },
    /// `true` or `false`.
    Switch,
    /// One of some words.
    Choice(&'static [&'static str]),
    /// An IP address and a port.
    Address,
    /// Words; in the environment separated by commas.
    List,
    /// A path of a file.
    File,
}

/// One setting.
#[derive(Debug, Clone, Copy)]
pub struct Setting {
    /// `section.key`.
    pub key: &'static str,
    /// How its value is written.
    pub kind: Kind,
    /// Its value when nobody sets it; empty for none.
    pub default: &'static str,
    /// Whether the value must never be shown.
    pub secret: bool,
    /// Whether a change applies without a restart.
    pub reloads: bool,
    /// A conventional variable that is honoured besides ours.
    pub env: Option<&'static str>,
    /// What it does, in Spanish.
    pub es: &'static str,
    /// What it does, in English.
    pub en: &'static str,
}

impl Setting {
    /// What most settings are: no secret, read at start.
    pub const PLAIN: Self =
        Self { key: "", kind: Kind::Text, default: "", secret: false, reloads: false, env: None, es: "", en: "" };

    /// The environment variable of ours.
    pub fn variable(&self) -> String {
        format!("GONDOLA__{}", self.key.replace('.', "__").to_ascii_uppercase())
    }
}

/// The setting of that name.
pub fn find(key: &str) -> Option<&'static Setting> {
    super::SCHEMA.iter().find(|setting| setting.key == key)
}

/// The known key that is most like `wrong`, if any is.
pub fn suggestion(wrong: &str) -> Option<&'static str> {
    let close = |setting: &'static Setting| {
        let distance = strsim::damerau_levenshtein(wrong, setting.key);
        let same_end = setting.key.rsplit('.').next() == wrong.rsplit('.').next();
        (distance <= 3 || same_end).then_some((distance, setting.key))
    };
    super::SCHEMA.iter().filter_map(close).min().map(|(_, key)| key)
}

/// Declares every setting: its key, its field with type, and its description. Makes `Settings`,
/// `Settings::parse` and `SCHEMA`.
macro_rules! settings {
    ($($key:literal => $field:ident: $type:ty { $($name:ident: $value:expr),+ $(,)? })+) => {
        /// Every setting, parsed.
        #[derive(Debug, Clone)]
        pub struct Settings {
            $(#[doc = concat!("The setting `", $key, "`.")] pub $field: $type,)+
        }

        /// Every setting, described.
        pub const SCHEMA: &[Setting] = &[
            $(Setting { key: $key, kind: <$type as Value>::KIND, $($name: $value,)+ ..Setting::PLAIN },)+
        ];

        impl Settings {
            /// Parses every value; notes every one that does not parse.
            pub(super) fn parse(values: &Values, faults: &mut Vec<Fault>) -> Option<Self> {
                $(let $field = values.parse::<$type>($key, faults);)+
                Some(Self { $($field: $field?,)+ })
            }
        }
    };
}

pub(super) use settings;
