//! `gondola user`: people, from the machine's console, which needs no user itself. A password is
//! drawn and shown once, or read from standard input; it never stands in an argument.

use std::io::BufRead;

use anyhow::Context as _;
use clap::{Args, Subcommand};
use gondola_shop::kernel::time::format_instant;
use gondola_shop::people::console as people;
use gondola_shop::people::explain::{self, Explanation, Route};
use gondola_shop::people::{Password, SessionRecord, UserInput, UserRecord};
use gondola_store::{Db, Permission, Role};
use serde_json::{Value, json};
use uuid::Uuid;

use super::console::Console;
use super::{Exit, Global};
use crate::http;
use crate::start::{self, StartError};

/// Add, list, explain and disable users; set passwords
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  gondola user add ana --name \"Ana Pérez\" --role manager\n  \
                        gondola user list\n  gondola user explain ana \"POST /api/v1/movements\"\n  gondola user password ana\n  gondola user sessions ana\n  gondola user end-sessions ana\n  gondola user disable ana")]
pub struct User {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Make a user; without --password-stdin a password is drawn and shown once
    Add {
        /// What they log in with
        username: String,
        /// What others know them by; the user name when left out
        #[arg(long)]
        name: Option<String>,
        /// admin, manager, deposito, negocio, cashier or auditor
        #[arg(long)]
        role: String,
        /// The code of the one location they may see and touch
        #[arg(long, value_name = "CODE")]
        location: Option<String>,
        /// Read the password from standard input
        #[arg(long)]
        password_stdin: bool,
    },
    /// List every user
    List,
    /// Say why a user may call a route, or may not
    Explain {
        /// What they log in with
        username: String,
        /// The route, as "POST /api/v1/movements"; an address alone means all its methods
        route: String,
    },
    /// Keep a user out from now on; sessions end at once
    Disable {
        /// What they log in with
        username: String,
    },
    /// List where a user is signed in
    Sessions {
        /// What they log in with
        username: String,
    },
    /// End a user's sessions at once; they may log in again
    EndSessions {
        /// What they log in with
        username: String,
        /// Only this one, by the id that `gondola user sessions` shows
        #[arg(long, value_name = "ID")]
        session: Option<Uuid>,
    },
    /// Have log-ins ask for the password alone, of somebody whose telephone and codes are lost
    ResetSecondFactor {
        /// What they log in with
        username: String,
    },
    /// Set a password; without --password-stdin one is drawn and shown once
    Password {
        /// What they log in with
        username: String,
        /// Read the password from standard input
        #[arg(long)]
        password_stdin: bool,
    },
}

impl User {
    /// Runs the command.
    pub async fn run(self, global: &Global, console: &Console) -> Result<Exit, StartError> {
        let settings = global.load()?.settings;
        let db = match self.what {
            What::Add { .. } => start::open(&settings, global.data_dir()).await?,
            _ => start::open_existing(&settings, global.data_dir()).await?,
        };
        let roles = start::second_factor_roles(&settings);
        let exit = self.what.run(&db, &roles, console).await;
        db.close().await;
        exit
    }
}

impl What {
    async fn run(self, db: &Db, second_factor_roles: &[Role], console: &Console) -> Result<Exit, StartError> {
        match self {
            Self::Add { username, name, role, location, password_stdin } => {
                let given = if password_stdin { Some(read_password()?) } else { None };
                let drawn = given.is_none().then(Password::draw);
                let password = given.or_else(|| drawn.as_ref().map(|drawn| drawn.reveal().to_owned()));
                let name = name.or_else(|| Some(username.clone()));
                let input = UserInput { username: Some(username), name, role: Some(role), location, password };
                Ok(match people::add_user(db, input).await {
                    Ok(user) => show(&user, drawn.as_ref(), console),
                    Err(problem) => console.problem(&problem),
                })
            }
            Self::List => Ok(match people::list_users(db).await {
                Ok(users) => list(&users, console),
                Err(problem) => console.problem(&problem),
            }),
            Self::Explain { username, route } => {
                Ok(match explain::explain(db, &username, &route, http::own_routes(), second_factor_roles).await {
                    Ok((user, told)) => show_explained(&user, &told, console),
                    Err(problem) => console.problem(&problem),
                })
            }
            Self::Disable { username } => Ok(match people::disable_user(db, &username).await {
                Ok(user) => show(&user, None, console),
                Err(problem) => console.problem(&problem),
            }),
            Self::Sessions { username } => Ok(match people::list_sessions(db, &username).await {
                Ok(sessions) => list_sessions(&sessions, console),
                Err(problem) => console.problem(&problem),
            }),
            Self::EndSessions { username, session } => Ok(match people::end_sessions(db, &username, session).await {
                Ok(user) => show(&user, None, console),
                Err(problem) => console.problem(&problem),
            }),
            Self::ResetSecondFactor { username } => Ok(match people::reset_second_factor(db, &username).await {
                Ok(user) => show(&user, None, console),
                Err(problem) => console.problem(&problem),
            }),
            Self::Password { username, password_stdin } => {
                let given = if password_stdin { Some(read_password()?) } else { None };
                Ok(match people::set_password(db, &username, given.as_deref()).await {
                    Ok(set) => show(&set.user, given.is_none().then_some(&set.password), console),
                    Err(problem) => console.problem(&problem),
                })
            }
        }
    }
}

fn read_password() -> anyhow::Result<String> {
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line).context("read the password from standard input")?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}

fn facts(user: &UserRecord) -> Value {
    json!({
        "id": user.id, "username": user.username, "name": user.name, "role": user.role, "location": user.location,
        "active": user.active, "second_factor": user.second_factor, "created_at": format_instant(user.created_at),
    })
}

fn line(user: &UserRecord, console: &Console) -> String {
    let active = if user.active { "" } else { console.pick(" (deshabilitado)", " (disabled)") };
    format!("{:<16} {:<9} {}{active}\n", user.username, user.role, user.name)
}

fn show(user: &UserRecord, drawn: Option<&Password>, console: &Console) -> Exit {
    let (mut facts, mut words) = (facts(user), line(user, console));
    if let Some(password) = drawn {
        facts["password"] = password.reveal().into();
        let label = console.pick("Contraseña, que no se vuelve a mostrar", "Password, not shown again");
        words.push_str(&format!("{label}: {}\n", password.reveal()));
    }
    console.answer(&facts, &words);
    Exit::Done
}

fn list_sessions(sessions: &[SessionRecord], console: &Console) -> Exit {
    let fact = |session: &SessionRecord| {
        json!({
            "id": session.id, "created_at": format_instant(session.created_at), "seen_at": format_instant(session.seen_at),
            "expires_at": format_instant(session.expires_at), "client_ip": session.client_ip, "agent": session.agent,
        })
    };
    let line = |session: &SessionRecord| {
        let seen = format_instant(session.seen_at);
        format!("{}  {seen}  {:<15} {}\n", session.id, session.client_ip, session.agent)
    };
    let facts: Vec<Value> = sessions.iter().map(fact).collect();
    console.answer(&json!({"items": facts}), &sessions.iter().map(line).collect::<String>());
    Exit::Done
}

/// 0 when every route asked for is granted, 1 when one is not.
fn show_explained(user: &UserRecord, told: &[Explanation], console: &Console) -> Exit {
    let codes = |rights: &[Permission]| rights.iter().map(|right| right.code()).collect::<Vec<_>>();
    let facts: Vec<Value> = told
        .iter()
        .map(|told| {
            json!({
                "method": told.route.method.as_str(), "route": told.route.path, "granted": told.granted(),
                "needs_one_of": codes(told.needs), "holds": codes(&told.holds), "roles": told.roles(),
                "location": user.location, "reason": told.text(user).in_lang(console.lang),
            })
        })
        .collect();
    let mut words = String::new();
    for told in told {
        let verdict = if told.granted() { console.pick("puede", "may") } else { console.pick("no puede", "may not") };
        let (Route { method, path, .. }, text) = (&told.route, told.text(user));
        words.push_str(&format!("{method} {path}: {verdict}, {}.\n", text.in_lang(console.lang)));
    }
    if let Some(place) = &user.location {
        let only = console.pick("Ve y toca solo el lugar", "They see and touch only the place");
        words.push_str(&format!("{only} {place}.\n"));
    }
    let granted = told.iter().all(Explanation::granted);
    console.answer(&json!({"user": user.username, "role": user.role, "granted": granted, "routes": facts}), &words);
    if granted { Exit::Done } else { Exit::Attention }
}

fn list(users: &[UserRecord], console: &Console) -> Exit {
    let facts: Vec<Value> = users.iter().map(facts).collect();
    console.answer(&json!({"items": facts}), &users.iter().map(|user| line(user, console)).collect::<String>());
    Exit::Done
}
