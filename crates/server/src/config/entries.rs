//! The list of settings. A new one is one entry here and its use; template, schema, documentation
//! and checks follow. Only what does something is listed.

use std::net::SocketAddr;
use std::path::PathBuf;

use gondola_shop::kernel::Profile;
use gondola_shop::kernel::time::Hours;

use super::fault::Fault;
use super::schema::{Setting, settings};
use super::secret::{DatabaseUrl, EncryptionKey, RedisUrl};
use super::sources::Values;
use super::value::{
    ClientCertificates, Hosts, LogFormat, LogLevel, Names, Networks, Origins, Roles, ShopName, Value, Whole, Zone,
};

settings! {
    "profile" => profile: Profile {
        default: "development",
        es: "Qué reglas rigen: development (solo esta máquina) o production (ante la duda, no arranca).",
        en: "Which rules apply: development (this machine only) or production (in doubt, it does not start).",
    }
    "dashboard.listen" => dashboard_listen: SocketAddr {
        default: "127.0.0.1:8080",
        es: "Dónde atiende el tablero: páginas y toda la API. El puerto 0 elige uno libre.",
        en: "Where the dashboard listens: pages and the whole API. Port 0 picks a free one.",
    }
    "deposito.listen" => deposito_listen: SocketAddr {
        default: "127.0.0.1:8001",
        es: "Dónde atiende el agente del depósito.",
        en: "Where the warehouse agent listens.",
    }
    "negocio.listen" => negocio_listen: SocketAddr {
        default: "127.0.0.1:8002",
        es: "Dónde atiende el agente del negocio.",
        en: "Where the business agent listens.",
    }
    "http.hosts" => http_hosts: Hosts {
        default: "localhost,127.0.0.1,[::1]",
        es: "Los nombres con los que se llega a esta tienda, sin puerto. Otro nombre recibe 421.",
        en: "The names this shop is reached by, without port. Any other name is answered 421.",
    }
    "http.trusted_proxies" => http_trusted_proxies: Networks {
        default: "",
        es: "Las redes de los proxies propios: solo a ellos se les cree de quién es el pedido (X-Forwarded-For).",
        en: "The networks of our own proxies: they alone are believed whose request it is (X-Forwarded-For).",
    }
    "http.cors_origins" => http_cors_origins: Origins {
        default: "",
        es: "Los sitios cuyas páginas pueden leer la API desde un navegador, con una clave.",
        en: "The sites whose pages may read the API in a browser, with a key.",
    }
    "http.hsts_preload" => http_hsts_preload: bool {
        default: "false",
        es: "Si cada respuesta por https pide estar en la lista de los navegadores (HSTS preload), de la que se sale en meses.",
        en: "Whether every https answer asks to be on the browsers' list (HSTS preload), which takes months to leave.",
    }
    "http.header_timeout_s" => http_header_timeout_s: Whole<1, 120> {
        default: "10",
        es: "Segundos que puede tardar en llegar el encabezado de un pedido.",
        en: "Seconds in which the header of a request must arrive.",
    }
    "http.handler_timeout_s" => http_handler_timeout_s: Whole<1, 600> {
        default: "30",
        es: "Segundos que puede tardar un pedido antes de cortarse con 504.",
        en: "Seconds a request may take before it is cut with 504.",
    }
    "http.export_timeout_s" => http_export_timeout_s: Whole<1, 3600> {
        default: "60",
        es: "Lo mismo para exportaciones e informes.",
        en: "The same for exports and reports.",
    }
    "http.stranger_requests_max" => http_stranger_requests_max: Whole<1, 1_000_000> {
        default: "120",
        es: "Pedidos por minuto de una red sin clave ni sesión. Detrás de un proxy, todos los que todavía no entraron son una red.",
        en: "Requests per minute of a network without key or session. Behind a proxy, all who are not in yet are one network.",
    }
    "http.drain_timeout_s" => http_drain_timeout_s: Whole<0, 300> {
        default: "15",
        es: "Segundos que se espera, al parar, a los pedidos que ya estaban en marcha.",
        en: "Seconds that stopping waits for requests already under way.",
    }
    "database.url" => database_url: Option<DatabaseUrl> {
        default: "",
        secret: true,
        env: Some("DATABASE_URL"),
        es: "sqlite:ARCHIVO o postgres://…; sin valor, gondola.db en el directorio de datos.",
        en: "sqlite:FILE or postgres://…; unset, gondola.db in the data directory.",
    }
    "database.connections_max" => database_connections_max: Whole<1, 500> {
        default: "20",
        es: "Conexiones a la base de datos: de lectura en SQLite, en total en PostgreSQL.",
        en: "Connections to the database: readers on SQLite, all of them on PostgreSQL.",
    }
    "database.group_commands_max" => database_group_commands_max: Whole<1, 4096> {
        default: "256",
        es: "Cuántas escrituras en espera comparten un commit en SQLite; 1 las deja separadas.",
        en: "How many waiting writes share one commit on SQLite; 1 keeps them apart.",
    }
    "database.group_wait_ms" => database_group_wait_ms: Whole<0, 1000> {
        default: "20",
        es: "Milisegundos que un commit compartido sigue aceptando escrituras.",
        en: "Milliseconds in which a shared commit takes further writes.",
    }
    "redis.url" => redis_url: Option<RedisUrl> {
        default: "",
        secret: true,
        env: Some("REDIS_URL"),
        es: "redis://… o rediss://…, para que varios procesos compartan límites y sesiones; sin valor, cada uno lleva lo suyo.",
        en: "redis://… or rediss://…, for several processes to share limits and sessions; unset, each keeps its own.",
    }
    "redis.ca_file" => redis_ca_file: Option<PathBuf> {
        default: "",
        es: "El archivo PEM con la autoridad que firmó el certificado de Redis; sin valor, valen las de esta máquina.",
        en: "The PEM file with the authority that signed the certificate of Redis; unset, those of this machine count.",
    }
    "redis.timeout_ms" => redis_timeout_ms: Whole<10, 500> {
        default: "250",
        es: "Milisegundos que se espera a Redis antes de seguir sin él.",
        en: "Milliseconds that Redis is waited for before going on without it.",
    }
    "encryption.key" => encryption_key: Option<EncryptionKey> {
        default: "",
        secret: true,
        env: Some("DATABASE_ENCRYPTION_KEY"),
        es: "La clave de cifrado: 64 dígitos hexadecimales. En producción conviene encryption.key_file.",
        en: "The encryption key: 64 hex digits. In production prefer encryption.key_file.",
    }
    "encryption.key_file" => encryption_key_file: Option<PathBuf> {
        default: "",
        env: Some("DATABASE_ENCRYPTION_KEY_FILE"),
        es: "El archivo con la clave de cifrado, que solo su dueño puede leer (0600).",
        en: "The file with the encryption key, which only its owner may read (0600).",
    }
    "tls.enabled" => tls_enabled: bool {
        default: "false",
        es: "Si las caras atienden por https con los certificados de tls/ en el directorio de datos; gondola tls init los hace.",
        en: "Whether the faces speak https with the certificates of tls/ in the data directory; gondola tls init makes them.",
    }
    "tls.clients" => tls_clients: Names {
        default: "dashboard,deposito,negocio,edge,prometheus",
        es: "De qué certificados propios se aceptan conexiones, donde se piden; con otro nombre no se entra.",
        en: "The certificates of our own from which connections are taken, where they are asked for; no other name gets in.",
    }
    "tls.metrics_clients" => tls_metrics_clients: Names {
        default: "prometheus",
        es: "Qué certificados leen /metrics sin clave.",
        en: "The certificates that read /metrics without a key.",
    }
    "tls.dashboard_clients" => tls_dashboard_clients: ClientCertificates {
        default: "optional",
        es: "Si el tablero pide certificado: none, optional (al que lo tiene) o required (sin él no se entra).",
        en: "Whether the dashboard asks for certificates: none, optional (of who has one) or required (nobody without).",
    }
    "tls.deposito_clients" => tls_deposito_clients: ClientCertificates {
        default: "optional",
        es: "Lo mismo para el agente del depósito.",
        en: "The same for the warehouse agent.",
    }
    "tls.negocio_clients" => tls_negocio_clients: ClientCertificates {
        default: "optional",
        es: "Lo mismo para el agente del negocio.",
        en: "The same for the business agent.",
    }
    "login.second_factor_roles" => login_second_factor_roles: Roles {
        default: "",
        es: "Los roles que entran con un segundo paso (admin, manager, deposito, negocio, cashier, auditor); en producción admin siempre.",
        en: "The roles that log in with a second step (admin, manager, deposito, negocio, cashier, auditor); in production admin always.",
    }
    "audit.anchors_dir" => audit_anchors_dir: Option<PathBuf> {
        default: "",
        es: "Dónde se escriben las anclas diarias del registro, además de la base de datos: conviene que esté en otra máquina. Una por comercio.",
        en: "Where the daily anchors of the audit trail are written besides the database: better on another machine. One per shop.",
    }
    "log.format" => log_format: LogFormat {
        default: "auto",
        es: "json, pretty (para leer) o auto: pretty en una terminal y json en lo demás.",
        en: "json, pretty (for reading) or auto: pretty on a terminal and json elsewhere.",
    }
    "log.level" => log_level: LogLevel {
        default: "info",
        es: "Desde qué nivel se registra.",
        en: "From which level on events are logged.",
    }
    "prices.stale_days" => prices_stale_days: Whole<7, 365> {
        default: "30",
        es: "Días sin cambiar desde los que un precio se marca como viejo.",
        en: "Days without a change after which a price is marked as old.",
    }
    "shop.name" => shop_name: Option<ShopName> {
        default: "",
        es: "Cómo se llama la tienda: encabeza los pedidos a proveedores.",
        en: "What the shop is called: stands above orders to suppliers.",
    }
    "shop.time_zone" => shop_time_zone: Zone {
        default: "America/Argentina/Buenos_Aires",
        es: "La zona horaria de la tienda: decide a qué día pertenece cada movimiento.",
        en: "The shop's time zone: decides which day a movement belongs to.",
    }
    "shop.hours" => shop_hours: Hours {
        default: "08:00-23:30",
        es: "En qué horas se trabaja: quien lee datos protegidos sobre todo fuera de ellas llama la atención.",
        en: "The hours in which there is work: whoever reads protected data mostly outside of them stands out.",
    }
}
