//! Which programs of a shop have a certificate, and who of them calls whom.

/// A program with a certificate of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Component {
    /// Its name: of its files, and the first one in its certificate.
    pub name: &'static str,
    /// Whether it answers connections.
    pub server: bool,
    /// Whether it makes connections that it must prove itself for.
    pub client: bool,
}

/// The components whose certificates `gondola tls init` makes.
pub const COMPONENTS: [Component; 11] = [
    both("dashboard"),
    both("deposito"),
    both("negocio"),
    both("edge"),
    both("prometheus"),
    server("alertmanager"),
    both("grafana"),
    both("loki"),
    Component { name: "promtail", server: false, client: true },
    server("postgres"),
    server("redis"),
];

const fn both(name: &'static str) -> Component {
    Component { name, server: true, client: true }
}

const fn server(name: &'static str) -> Component {
    Component { name, server: true, client: false }
}

/// The component of that name.
pub fn find(name: &str) -> Option<&'static Component> {
    COMPONENTS.iter().find(|component| component.name == name)
}

/// Whether people and their programs reach it too, by names of their own and perhaps with a certificate that
/// their devices trust already.
pub fn is_reached_by_people(name: &str) -> bool {
    matches!(name, "dashboard" | "deposito" | "negocio" | "edge" | "grafana")
}

/// A way that traffic takes between two components.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hop {
    /// Who calls.
    pub from: &'static str,
    /// Who answers.
    pub to: &'static str,
    /// Whether the caller shows a certificate too.
    pub mutual: bool,
}

/// The ways of the shipped deployment, as far as our own authority signs for them.
pub const HOPS: [Hop; 18] = [
    mutual("edge", "dashboard"),
    mutual("edge", "deposito"),
    mutual("edge", "negocio"),
    mutual("prometheus", "dashboard"),
    mutual("prometheus", "deposito"),
    mutual("prometheus", "negocio"),
    mutual("prometheus", "alertmanager"),
    one_way("dashboard", "postgres"),
    one_way("deposito", "postgres"),
    one_way("negocio", "postgres"),
    one_way("dashboard", "redis"),
    one_way("deposito", "redis"),
    one_way("negocio", "redis"),
    mutual("grafana", "prometheus"),
    one_way("grafana", "loki"),
    one_way("promtail", "loki"),
    mutual("loki", "alertmanager"),
    one_way("edge", "grafana"),
];

const fn mutual(from: &'static str, to: &'static str) -> Hop {
    Hop { from, to, mutual: true }
}

const fn one_way(from: &'static str, to: &'static str) -> Hop {
    Hop { from, to, mutual: false }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// TLS-1: who is called answers, who proves itself may call.
    #[test]
    fn every_hop_is_between_components_whose_certificates_are_for_it() {
        for hop in HOPS {
            let (from, to) = (find(hop.from).unwrap(), find(hop.to).unwrap());
            assert!(to.server && (from.client || !hop.mutual), "{hop:?}");
        }
    }
}
