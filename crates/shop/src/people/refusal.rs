//! What the people feature refuses, in words a shopkeeper recognises: the same on screen, in the API
//! and on the command line. Refusals of a log-in are one and the same, whatever the cause (USR-2).

use axum::http::StatusCode;

use crate::kernel::problem::FieldProblem;
use crate::kernel::{Problem, Text, body};

/// Why nothing was changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PeopleRefusal {
    /// No such user.
    UnknownUser,
    /// Another user has that user name.
    UsernameTaken(String),
    /// Somebody changed it since it was read.
    Stale,
    /// Nobody would be left who can manage users.
    LastAdmin,
    /// No such location, or not one that stock is kept in.
    UnknownLocation(String),
    /// Whoever is bound to one location gives rights there only.
    OutsideLocation,
    /// Another key has that name.
    KeyNameTaken(String),
    /// No such key.
    UnknownKey,
    /// The key was revoked or has expired: it gets no new secret.
    KeyEnded,
    /// Two of the key's secrets are good; a third would end one of them without a word.
    RotatedAlready,
    /// No route has that address and method.
    UnknownRoute(String),
    /// No such session of this user.
    UnknownSession,
    /// The shop has its first user already.
    AlreadySetUp,
    /// The set-up token is wrong, used or too old.
    BadToken,
    /// The current password is not that one.
    WrongPassword,
    /// The code is not the authenticator's, or was used before.
    WrongCode,
    /// There is a second factor already.
    HasFactor,
    /// There is no second factor.
    NoFactor,
}

impl PeopleRefusal {
    /// Stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::UnknownUser | Self::UnknownKey | Self::UnknownRoute(_) | Self::UnknownSession => "not_found",
            Self::UsernameTaken(_) => "username_taken",
            Self::Stale => "stale_version",
            Self::LastAdmin => "last_admin",
            Self::UnknownLocation(_) => "unknown_location",
            Self::OutsideLocation => "outside_location",
            Self::KeyNameTaken(_) => "key_name_taken",
            Self::KeyEnded => "key_ended",
            Self::RotatedAlready => "rotated_already",
            Self::AlreadySetUp => "already_set_up",
            Self::BadToken => "bad_token",
            Self::WrongPassword => "wrong_password",
            Self::WrongCode => "wrong_code",
            Self::HasFactor => "has_second_factor",
            Self::NoFactor => "no_second_factor",
        }
    }

    fn field(&self) -> Option<&'static str> {
        match self {
            Self::UsernameTaken(_) => Some("username"),
            Self::UnknownLocation(_) | Self::OutsideLocation => Some("location"),
            Self::KeyNameTaken(_) => Some("name"),
            Self::BadToken => Some("token"),
            Self::WrongPassword => Some("password"),
            Self::WrongCode => Some("code"),
            _ => None,
        }
    }

    fn status(&self) -> StatusCode {
        match self {
            Self::UnknownUser | Self::UnknownKey | Self::UnknownRoute(_) | Self::UnknownSession => {
                StatusCode::NOT_FOUND
            }
            Self::Stale => StatusCode::PRECONDITION_FAILED,
            Self::UsernameTaken(_)
            | Self::KeyNameTaken(_)
            | Self::KeyEnded
            | Self::RotatedAlready
            | Self::LastAdmin
            | Self::HasFactor
            | Self::NoFactor
            | Self::AlreadySetUp => StatusCode::CONFLICT,
            Self::UnknownLocation(_)
            | Self::OutsideLocation
            | Self::BadToken
            | Self::WrongPassword
            | Self::WrongCode => StatusCode::UNPROCESSABLE_ENTITY,
        }
    }

    /// The message.
    pub fn text(&self) -> Text {
        match self {
            Self::UnknownUser => Text::new("No hay ningún usuario así.", "There is no such user."),
            Self::UsernameTaken(username) => Text::new(
                format!("El usuario «{username}» ya existe. Elegí otro."),
                format!("The user name \"{username}\" is taken. Choose another."),
            ),
            Self::Stale => body::stale().detail,
            Self::LastAdmin => Text::new(
                "Es el único dueño que puede entrar. Primero dale ese rol a otra persona.",
                "This is the only owner who can log in. First give that role to somebody else.",
            ),
            Self::UnknownLocation(code) => Text::new(
                format!("No hay ningún lugar «{code}» donde se guarde mercadería."),
                format!("There is no place \"{code}\" where stock is kept."),
            ),
            Self::OutsideLocation => Text::new(
                "Tu usuario trabaja en un solo lugar y da permisos solo ahí.",
                "Your user works at one place and gives rights there only.",
            ),
            Self::KeyNameTaken(name) => Text::new(
                format!("Ya hay una clave «{name}». Elegí otro nombre."),
                format!("There is a key \"{name}\" already. Choose another name."),
            ),
            Self::UnknownKey => Text::new("No hay ninguna clave así.", "There is no such key."),
            Self::KeyEnded => Text::new(
                "Esa clave ya no sirve y no se renueva. Creá otra.",
                "That key is no good any more and is not renewed. Make another.",
            ),
            Self::RotatedAlready => Text::new(
                "Esa clave se renovó hace poco y el secreto anterior todavía sirve. Esperá a que venza, o renovala con 0 horas de superposición: los dos que tiene dejan de servir enseguida.",
                "That key was rotated lately and the secret before is still good. Wait until it ends, or rotate it with an overlap of 0 hours: both secrets it has end at once.",
            ),
            Self::UnknownRoute(asked) => Text::new(
                format!("No hay ninguna ruta «{asked}». Se escribe como GET /api/v1/products, o /products sola."),
                format!("There is no route \"{asked}\". It is written as GET /api/v1/products, or /products alone."),
            ),
            Self::UnknownSession => Text::new("Esa sesión ya terminó.", "That session has ended already."),
            Self::AlreadySetUp => Text::new(
                "Góndola ya tiene su primer usuario. Entrá con él.",
                "Góndola has its first user already. Log in.",
            ),
            Self::BadToken => Text::new(
                "Ese código no sirve: está mal copiado, ya se usó o pasaron 30 minutos. Reiniciá Góndola para ver uno nuevo.",
                "That code is no good: mistyped, used or older than 30 minutes. Restart Góndola to see a new one.",
            ),
            Self::WrongPassword => Text::new("Esa no es tu contraseña actual.", "That is not your current password."),
            Self::WrongCode => Text::new(
                "Ese código no sirve: fijate que sea el que muestra ahora la aplicación. Cada código vale una sola vez.",
                "That code is no good: check that it is the one the application shows now. Each code counts once.",
            ),
            Self::HasFactor => Text::new(
                "El segundo paso ya está activado. Desactivalo primero para cambiar de teléfono.",
                "The second step is on already. Turn it off first to change telephones.",
            ),
            Self::NoFactor => Text::new("No tiene segundo paso que quitar.", "There is no second step to take away."),
        }
    }
}

impl From<PeopleRefusal> for Problem {
    fn from(refusal: PeopleRefusal) -> Self {
        let text = refusal.text();
        let Some(field) = refusal.field() else {
            return Self::new(refusal.status(), refusal.code(), text.es, text.en);
        };
        let fields = vec![FieldProblem { field: field.to_owned(), code: refusal.code(), detail: text.clone() }];
        match refusal.status() {
            StatusCode::UNPROCESSABLE_ENTITY => Self::invalid(fields),
            status => Self { fields, ..Self::new(status, refusal.code(), text.es, text.en) },
        }
    }
}

/// The one refusal of a log-in: it does not tell a wrong password from a locked account, nor either
/// from an account that does not exist.
pub fn bad_credentials() -> Problem {
    Problem::new(
        StatusCode::UNAUTHORIZED,
        "bad_credentials",
        "Usuario o contraseña incorrectos. Después de 5 intentos fallidos hay que esperar 15 minutos.",
        "Wrong user name or password. After 5 failed attempts you have to wait 15 minutes.",
    )
}

/// A wrong code at the second step.
pub fn bad_code() -> Problem {
    Problem::new(
        StatusCode::UNAUTHORIZED,
        "wrong_code",
        "Ese código no sirve. Escribí el que muestra ahora la aplicación, o uno de los que anotaste. Cada uno vale una sola vez.",
        "That code is no good. Type the one the application shows now, or one that you wrote down. Each counts once.",
    )
}

/// The second step waited too long, or nobody took the first.
pub fn first_step_again() -> Problem {
    Problem::new(
        StatusCode::UNAUTHORIZED,
        "log_in_again",
        "Pasaron más de cinco minutos. Escribí de nuevo tu usuario y tu contraseña.",
        "More than five minutes have passed. Type your user name and password again.",
    )
}

/// Too many log-ins in a minute.
pub fn too_many_attempts(seconds: u32) -> Problem {
    Problem {
        retry_after: Some(seconds),
        ..Problem::new(
            StatusCode::TOO_MANY_REQUESTS,
            "too_many_attempts",
            format!("Demasiados intentos seguidos. Probá de nuevo en {seconds} segundos."),
            format!("Too many attempts in a row. Try again in {seconds} seconds."),
        )
    }
}
