//! What settings must satisfy together. Each refusal names the setting and the fix (SEC-1, SEC-2).

use std::net::SocketAddr;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use gondola_shop::kernel::{Profile, Text};

use super::entries::Settings;
use super::fault::Fault;
use super::secret::RedisUrl;

/// Notes every contradiction.
pub fn check(settings: &Settings, faults: &mut Vec<Fault>) {
    if settings.encryption_key.is_some() && settings.encryption_key_file.is_some() {
        faults.push(refusal(
            "encryption.key",
            "está puesta junto con encryption.key_file; dejá una sola",
            "is set together with encryption.key_file; keep one of them",
        ));
    }
    if settings.redis_ca_file.is_some() && !settings.redis_url.as_ref().is_some_and(RedisUrl::is_encrypted) {
        faults.push(refusal(
            "redis.ca_file",
            "solo sirve con redis.url = \"rediss://…\": corregí redis.url o sacá este valor",
            "is of use with redis.url = \"rediss://…\" only: correct redis.url or take this away",
        ));
    }
    match settings.profile {
        Profile::Development => development(settings, faults),
        Profile::Production => production(settings, faults),
    }
}

impl Settings {
    fn listeners(&self) -> [(&'static str, SocketAddr); 3] {
        [
            ("dashboard.listen", self.dashboard_listen),
            ("deposito.listen", self.deposito_listen),
            ("negocio.listen", self.negocio_listen),
        ]
    }
}

fn development(settings: &Settings, faults: &mut Vec<Fault>) {
    for (key, address) in settings.listeners() {
        if !address.ip().is_loopback() {
            faults.push(refusal(
                key,
                "en el perfil development solo se atiende a esta máquina: usá 127.0.0.1, o pasá a profile = \"production\"",
                "the development profile serves this machine only: use 127.0.0.1, or switch to profile = \"production\"",
            ));
        }
    }
}

fn production(settings: &Settings, faults: &mut Vec<Fault>) {
    match (&settings.encryption_key, &settings.encryption_key_file) {
        (None, None) => faults.push(refusal(
            "encryption.key_file",
            "falta la clave de cifrado: guardá la salida de openssl rand -hex 32 en un archivo 0600 y nombralo acá",
            "the encryption key is missing: put the output of openssl rand -hex 32 into a 0600 file and name it here",
        )),
        (_, Some(file)) => key_file(file, faults),
        _ => {}
    }
    if !settings.tls_enabled {
        faults.push(refusal(
            "tls.enabled",
            "en producción se atiende por https: corré gondola tls init y poné tls.enabled = true",
            "production serves https: run gondola tls init and set tls.enabled = true",
        ));
    }
    if let Some(url) = settings.database_url.as_ref().filter(|url| url.is_postgres()) {
        if url.password().is_empty() {
            faults.push(refusal(
                "database.url",
                "a la dirección de PostgreSQL le falta la contraseña: postgres://USUARIO:CONTRASEÑA@…",
                "the PostgreSQL address lacks a password: postgres://USER:PASSWORD@…",
            ));
        }
        if !url.verifies_the_server() {
            faults.push(refusal(
                "database.url",
                "la conexión a PostgreSQL tiene que ir cifrada: agregá sslmode=verify-full",
                "the connection to PostgreSQL must be encrypted: add sslmode=verify-full",
            ));
        }
    }
    if let Some(url) = &settings.redis_url {
        if url.password().is_empty() {
            faults.push(refusal(
                "redis.url",
                "a la dirección de Redis le falta la contraseña: rediss://:CONTRASEÑA@…",
                "the Redis address lacks a password: rediss://:PASSWORD@…",
            ));
        }
        if !url.is_encrypted() {
            faults.push(refusal(
                "redis.url",
                "la conexión a Redis tiene que ir cifrada: usá rediss://",
                "the connection to Redis must be encrypted: use rediss://",
            ));
        }
    }
}

fn key_file(file: &Path, faults: &mut Vec<Fault>) {
    match std::fs::metadata(file) {
        Err(_) => faults.push(refusal(
            "encryption.key_file",
            "ese archivo no existe o no se puede leer; crealo con openssl rand -hex 32 y chmod 600",
            "that file does not exist or cannot be read; create it with openssl rand -hex 32 and chmod 600",
        )),
        Ok(metadata) if metadata.permissions().mode() & 0o077 != 0 => faults.push(refusal(
            "encryption.key_file",
            "otros usuarios pueden leer ese archivo: chmod 600",
            "other users can read that file: chmod 600",
        )),
        Ok(_) => {}
    }
}

fn refusal(key: &str, es: &str, en: &str) -> Fault {
    Fault::new(key, "settings", Text::new(es, en))
}
