//! Who acts and what they may do (USR-6, the table of rights in the domain's people file).
//!
//! Rights are checked in two places only: `Db::execute` asks for a command's permission, and query
//! constructors ask for theirs. A handler that forgets to check opens nothing.

use std::sync::Arc;

use uuid::Uuid;

use crate::audit::Origin;

/// A person's role. An account may be narrowed (to one location), never widened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// The owner: everything.
    Admin,
    /// Encargado: the owner without users, keys, settings and backup.
    Manager,
    /// Warehouse: receive, move, count, waste; never cost.
    Deposito,
    /// Buying: suppliers, orders, invoices, prices; sees cost.
    Negocio,
    /// Sales: the till, returns, reservations; never cost.
    Cashier,
    /// The accountant: reads and exports everything, changes nothing.
    Auditor,
}

impl Role {
    /// All roles, strongest first.
    pub const ALL: [Self; 6] =
        [Self::Admin, Self::Manager, Self::Deposito, Self::Negocio, Self::Cashier, Self::Auditor];

    /// The name in API, command line and database.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::Manager => "manager",
            Self::Deposito => "deposito",
            Self::Negocio => "negocio",
            Self::Cashier => "cashier",
            Self::Auditor => "auditor",
        }
    }

    /// The role with that name.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.code() == code)
    }

    /// Whether the role holds the right.
    pub fn may(self, permission: Permission) -> bool {
        use Permission as P;
        match self {
            Self::Admin => true,
            Self::Manager => !matches!(
                permission,
                P::ManagePeople
                    | P::ManageKeys
                    | P::ManageSettings
                    | P::ManageBackup
                    | P::ReadAudit
                    | P::OverridePrices
            ),
            Self::Deposito => matches!(
                permission,
                P::ReadCatalogue
                    | P::ReadStock
                    | P::Receive
                    | P::MoveStock
                    | P::TakeOut
                    | P::Waste
                    | P::Count
                    | P::Reserve
                    | P::WriteNotebook
                    | P::ReadPurchases
                    | P::LoadInvoices
                    | P::Export
            ),
            Self::Negocio => matches!(
                permission,
                P::ReadCatalogue
                    | P::EditCatalogue
                    | P::EditPrices
                    | P::ReadStock
                    | P::ReadCost
                    | P::Receive
                    | P::ReadSuppliers
                    | P::EditSuppliers
                    | P::PostAccounts
                    | P::WriteNotebook
                    | P::ReadPurchases
                    | P::EditPurchases
                    | P::LoadInvoices
                    | P::EditInvoices
                    | P::Import
                    | P::Export
            ),
            Self::Cashier => {
                matches!(permission, P::ReadCatalogue | P::ReadStock | P::Sell | P::Reserve | P::WriteNotebook)
            }
            Self::Auditor => {
                matches!(
                    permission,
                    P::ReadCatalogue
                        | P::ReadStock
                        | P::ReadCost
                        | P::ReadSuppliers
                        | P::ReadPurchases
                        | P::ReadReports
                        | P::Export
                        | P::ReadAudit
                )
            }
        }
    }
}

/// A right. Commands and queries name the one they need.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Permission {
    /// See products, categories, locations.
    ReadCatalogue,
    /// Create and change products, categories, locations.
    EditCatalogue,
    /// Change sale prices.
    EditPrices,
    /// Sell below what a category must earn, or below cost.
    OverridePrices,
    /// See stock, movements, counts, transfers, reservations.
    ReadStock,
    /// See cost, margin and stock value.
    ReadCost,
    /// Receipts, openings, returns to a supplier.
    Receive,
    /// Transfers between locations.
    MoveStock,
    /// Issues and own use.
    TakeOut,
    /// Sales and customer returns.
    Sell,
    /// Waste.
    Waste,
    /// Count.
    Count,
    /// Adjust stock by hand, approve large differences of counts, reverse movements.
    Adjust,
    /// Reserve stock.
    Reserve,
    /// See suppliers, how they are reached included.
    ReadSuppliers,
    /// Add and change suppliers, teach whose goods something is.
    EditSuppliers,
    /// Write invoices, notes and payments into the accounts of suppliers.
    PostAccounts,
    /// Write in the notebook.
    WriteNotebook,
    /// See orders to suppliers and what came of them.
    ReadPurchases,
    /// Write, send, close and cancel orders to suppliers.
    EditPurchases,
    /// Bring suppliers' invoices: photographs and files.
    LoadInvoices,
    /// Correct, confirm, apply and reverse suppliers' invoices.
    EditInvoices,
    /// Import files and undo imports.
    Import,
    /// Export lists.
    Export,
    /// Read reports.
    ReadReports,
    /// Users.
    ManagePeople,
    /// API keys.
    ManageKeys,
    /// Settings.
    ManageSettings,
    /// Backups and restores.
    ManageBackup,
    /// Read the audit trail.
    ReadAudit,
    /// Scrape metrics.
    ReadMetrics,
    /// See and end one's own sessions; every signed-in user may.
    OwnSession,
}

impl Permission {
    /// All rights.
    pub const ALL: [Self; 32] = [
        Self::ReadCatalogue,
        Self::EditCatalogue,
        Self::EditPrices,
        Self::OverridePrices,
        Self::ReadStock,
        Self::ReadCost,
        Self::Receive,
        Self::MoveStock,
        Self::TakeOut,
        Self::Sell,
        Self::Waste,
        Self::Count,
        Self::Adjust,
        Self::Reserve,
        Self::ReadSuppliers,
        Self::EditSuppliers,
        Self::PostAccounts,
        Self::WriteNotebook,
        Self::ReadPurchases,
        Self::EditPurchases,
        Self::LoadInvoices,
        Self::EditInvoices,
        Self::Import,
        Self::Export,
        Self::ReadReports,
        Self::ManagePeople,
        Self::ManageKeys,
        Self::ManageSettings,
        Self::ManageBackup,
        Self::ReadAudit,
        Self::ReadMetrics,
        Self::OwnSession,
    ];

    /// The name in explanations and logs.
    pub const fn code(self) -> &'static str {
        match self {
            Self::ReadCatalogue => "read_catalogue",
            Self::EditCatalogue => "edit_catalogue",
            Self::EditPrices => "edit_prices",
            Self::OverridePrices => "override_prices",
            Self::ReadStock => "read_stock",
            Self::ReadCost => "read_cost",
            Self::Receive => "receive",
            Self::MoveStock => "move_stock",
            Self::TakeOut => "take_out",
            Self::Sell => "sell",
            Self::Waste => "waste",
            Self::Count => "count",
            Self::Adjust => "adjust",
            Self::Reserve => "reserve",
            Self::ReadSuppliers => "read_suppliers",
            Self::EditSuppliers => "edit_suppliers",
            Self::PostAccounts => "post_accounts",
            Self::WriteNotebook => "write_notebook",
            Self::ReadPurchases => "read_purchases",
            Self::EditPurchases => "edit_purchases",
            Self::LoadInvoices => "load_invoices",
            Self::EditInvoices => "edit_invoices",
            Self::Import => "import",
            Self::Export => "export",
            Self::ReadReports => "read_reports",
            Self::ManagePeople => "manage_people",
            Self::ManageKeys => "manage_keys",
            Self::ManageSettings => "manage_settings",
            Self::ManageBackup => "manage_backup",
            Self::ReadAudit => "read_audit",
            Self::ReadMetrics => "read_metrics",
            Self::OwnSession => "own_session",
        }
    }

    /// This right alone, as a list that lives as long as the program.
    pub fn alone(self) -> &'static [Self] {
        const ALL: &[Permission] = &Permission::ALL;
        let at = ALL.iter().position(|right| *right == self).expect("ALL has every right");
        &ALL[at..=at]
    }

    fn only_reads(self) -> bool {
        matches!(
            self,
            Self::ReadCatalogue
                | Self::ReadStock
                | Self::ReadCost
                | Self::ReadSuppliers
                | Self::ReadPurchases
                | Self::ReadReports
                | Self::Export
        )
    }

    fn manages(self) -> bool {
        matches!(
            self,
            Self::ManagePeople
                | Self::ManageKeys
                | Self::ManageSettings
                | Self::ManageBackup
                | Self::ReadAudit
                | Self::OverridePrices
        )
    }
}

/// What an API key is good for (KEY-1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scope {
    /// Read the shop.
    Read,
    /// Change the shop.
    Write,
    /// Everything, people and keys included.
    Admin,
    /// `/metrics` and nothing else (KEY-10).
    Metrics,
}

impl Scope {
    /// All scopes.
    pub const ALL: [Self; 4] = [Self::Read, Self::Write, Self::Admin, Self::Metrics];

    /// The name in API, command line and database.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
            Self::Admin => "admin",
            Self::Metrics => "metrics",
        }
    }

    fn may(self, permission: Permission) -> bool {
        match self {
            Self::Read => permission.only_reads(),
            Self::Write => {
                !permission.only_reads()
                    && !permission.manages()
                    && permission != Permission::ReadMetrics
                    && permission != Permission::OwnSession
            }
            Self::Admin => permission != Permission::OwnSession,
            Self::Metrics => permission == Permission::ReadMetrics,
        }
    }
}

/// A set of scopes, written as `read,write`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scopes(Vec<Scope>);

impl Scopes {
    /// The scopes in `text`, or the first word that is none.
    ///
    /// # Errors
    /// The unknown word.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut scopes = Vec::new();
        for word in text.split(',').map(str::trim) {
            let scope = Scope::ALL.into_iter().find(|scope| scope.code() == word).ok_or_else(|| word.to_owned())?;
            if !scopes.contains(&scope) {
                scopes.push(scope);
            }
        }
        Ok(Self(scopes))
    }

    /// This scope alone.
    pub fn only(scope: Scope) -> Self {
        Self(vec![scope])
    }

    /// The codes in the order given.
    pub fn codes(&self) -> Vec<&'static str> {
        self.0.iter().map(|scope| scope.code()).collect()
    }
}

impl std::fmt::Display for Scopes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.codes().join(","))
    }
}

/// Where an actor's rights come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ActorKind {
    /// A signed-in person.
    User(Role),
    /// A signed-in person who has to set up a second factor first: their own session, and nothing else.
    Arriving(Role),
    /// A program with an API key.
    Key(Scopes),
    /// The console of the machine, or the product itself; `name` says which.
    System,
    /// Nobody signed in.
    Anonymous,
}

/// Who acts: written into every movement, checked before every write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// Where the rights come from.
    pub kind: ActorKind,
    /// Id of the user or key; nil for the system.
    pub id: Uuid,
    /// The name people know them by.
    pub name: String,
    /// The one location this actor may see and touch; none means all.
    pub location: Option<Uuid>,
    /// Where the request came from.
    pub origin: Arc<Origin>,
}

impl Actor {
    /// Somebody without id, name or place.
    pub fn of(kind: ActorKind) -> Self {
        Self { kind, id: Uuid::nil(), name: String::new(), location: None, origin: Arc::default() }
    }

    /// The product itself or the machine's console.
    pub fn system(name: &str) -> Self {
        Self { name: name.to_owned(), ..Self::of(ActorKind::System) }
    }

    /// Nobody signed in.
    pub fn anonymous() -> Self {
        Self::of(ActorKind::Anonymous)
    }

    /// Whether the actor holds the right.
    pub fn may(&self, permission: Permission) -> bool {
        match &self.kind {
            ActorKind::User(role) => permission == Permission::OwnSession || role.may(permission),
            ActorKind::Arriving(_) => permission == Permission::OwnSession,
            ActorKind::Key(scopes) => scopes.0.iter().any(|scope| scope.may(permission)),
            ActorKind::System => true,
            ActorKind::Anonymous => false,
        }
    }

    /// A stable reference for records: `user:ID`, `key:ID`, `system:NAME`.
    pub fn reference(&self) -> String {
        match self.kind {
            ActorKind::User(_) | ActorKind::Arriving(_) => format!("user:{}", self.id),
            ActorKind::Key(_) => format!("key:{}", self.id),
            ActorKind::System => format!("system:{}", self.name),
            ActorKind::Anonymous => "anonymous".to_owned(),
        }
    }
}
