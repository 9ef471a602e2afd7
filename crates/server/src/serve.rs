//! Listening and stopping. One process serves any of the three faces; a signal stops accepting, lets
//! what is under way end, and closes the database last (OPS-5).

use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use axum_server::Handle;
use axum_server::accept::NoDelayAcceptor;
use gondola_shop::kernel::{App, Face};
use gondola_store::At;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::config::Settings;
use crate::health::Health;
use crate::http::{Authenticate, Budgets, Hosts, Outer, PerMinute, Proxies, Refusals, TimeLimits, stack};
use crate::integrity::BookGauges;
use crate::keys::KeyNumbers;
use crate::metrics::{FaceMetrics, ProcessNumbers, Share};
use crate::start::StartError;
use crate::tls::{Tls, TlsGauges};
use crate::trail::TrailNumbers;
use crate::worker::Work;

/// Bytes of a request's head that are read before it is refused; what the layers refuse politely is
/// smaller.
const HEAD_BYTES_MAX: usize = 64 * 1024;

/// A face that has its port.
pub struct Bound {
    /// Which face.
    pub face: Face,
    /// Where it listens; the real port where the settings say 0.
    pub address: SocketAddr,
    listener: TcpListener,
}

/// The faces' ports and the signals that end it: from here on nothing that is sent is lost.
pub struct Listening {
    /// The faces with their ports.
    pub bound: Vec<Bound>,
    tls: Option<Tls>,
    term: Signal,
    int: Signal,
}

/// Reads the certificates of `faces`, takes their ports and listens to signals, before anybody is told that
/// it serves.
///
/// # Errors
/// When certificates are missing or of no use, or a port is taken; the message names the setting.
pub fn listen(settings: &Settings, data_dir: &Path, faces: &[Face], now: At) -> Result<Listening, StartError> {
    let tls = Tls::open(settings, data_dir, faces, now)?;
    let bind = |face: &Face| {
        let wanted = listen_setting(settings, *face);
        let listener = TcpListener::bind(wanted)
            .with_context(|| format!("listen on {wanted} (setting {}.listen)", face.name()))?;
        let address = listener.local_addr().context("ask for the port")?;
        Ok(Bound { face: *face, address, listener })
    };
    Ok(Listening {
        bound: faces.iter().map(bind).collect::<anyhow::Result<_>>()?,
        tls,
        term: signal(SignalKind::terminate()).context("listen to SIGTERM")?,
        int: signal(SignalKind::interrupt()).context("listen to SIGINT")?,
    })
}

/// The address in the settings of a face.
pub fn listen_setting(settings: &Settings, face: Face) -> SocketAddr {
    match face {
        Face::Dashboard => settings.dashboard_listen,
        Face::Deposito => settings.deposito_listen,
        Face::Negocio => settings.negocio_listen,
    }
}

/// Serves until SIGTERM or SIGINT, then drains. A second signal stops at once.
///
/// # Errors
/// When a listener fails.
pub async fn until_stopped(
    settings: &Settings,
    app: App,
    authenticate: Authenticate,
    listening: Listening,
) -> anyhow::Result<()> {
    let (stop, stopping) = watch::channel(false);
    let health = Arc::new(Health::new(app.db.clone()));
    let (book, trail, keys) = (BookGauges::default(), TrailNumbers::default(), KeyNumbers::default());
    let tls_gauges = listening.tls.as_ref().map_or_else(TlsGauges::default, Tls::gauges);
    let address = u32::try_from(settings.http_stranger_requests_max.get()).unwrap_or(u32::MAX);
    let budgets = Arc::new(Budgets::new(PerMinute { address, ..PerMinute::default() }));
    let refusals = Arc::new(Refusals::default());
    let handle = Handle::new();
    let mut listeners = JoinSet::new();
    for (at, Bound { face, listener, .. }) in listening.bound.into_iter().enumerate() {
        let share = if at == 0 { Share::WithProcess } else { Share::FaceOnly };
        let numbers = ProcessNumbers { db: &app.db, book: &book, trail: &trail, keys: &keys, tls: &tls_gauges };
        let outer = Outer {
            face,
            app: app.clone(),
            authenticate: Arc::clone(&authenticate),
            hosts: Hosts::new(settings.http_hosts.0.clone()),
            proxies: Proxies::new(settings.http_trusted_proxies.0.clone()),
            origins: settings.http_cors_origins.0.clone(),
            limits: TimeLimits {
                handler: Duration::from_secs(settings.http_handler_timeout_s.get()),
                export: Duration::from_secs(settings.http_export_timeout_s.get()),
            },
            budgets: Arc::clone(&budgets),
            health: Arc::clone(&health),
            refusals: Arc::clone(&refusals),
            metrics: Arc::new(FaceMetrics::new(face, share, &numbers)),
            hsts_preload: settings.http_hsts_preload,
            metrics_clients: settings.tls_metrics_clients.0.clone(),
            stopping: stopping.clone(),
        };
        let service = stack(outer, gondola_shop::router(face)).into_make_service_with_connect_info::<SocketAddr>();
        let header_timeout = Duration::from_secs(settings.http_header_timeout_s.get());
        let mut server =
            axum_server::from_tcp(listener)?.handle(handle.clone()).first_request_timeout(header_timeout).http1_only();
        server.http_builder().http1().header_read_timeout(header_timeout).max_buf_size(HEAD_BYTES_MAX);
        match listening.tls.as_ref().and_then(|tls| tls.acceptor(face, header_timeout)) {
            Some(acceptor) => listeners.spawn(server.acceptor(acceptor).serve(service)),
            None => listeners.spawn(server.acceptor(NoDelayAcceptor).serve(service)),
        };
    }
    if let Some(tls) = listening.tls {
        tokio::spawn(tls.keep(app.db.clone(), stopping.clone()));
    }
    let anchors_dir = settings.audit_anchors_dir.clone();
    let work = Work { app: app.clone(), book, trail, keys, refusals: Arc::clone(&refusals), anchors_dir };
    let worker = tokio::spawn(crate::worker::work(work, stopping.clone()));
    let drain = Duration::from_secs(settings.http_drain_timeout_s.get());
    tokio::spawn(stop_on_signal(listening.term, listening.int, Stop { handle, stop, drain }));
    while let Some(ended) = listeners.join_next().await {
        ended.context("serve a face")?.context("serve a face")?;
    }
    worker.await.context("stop the worker")?;
    if let Err(error) = refusals.write(&app.db).await {
        tracing::error!(error = %error, "the last refusals are not in the audit trail");
    }
    app.db.close().await;
    tracing::info!("stopped");
    Ok(())
}

struct Stop {
    handle: Handle<SocketAddr>,
    stop: watch::Sender<bool>,
    drain: Duration,
}

async fn stop_on_signal(mut term: Signal, mut int: Signal, Stop { handle, stop, drain }: Stop) {
    let first = tokio::select! { _ = term.recv() => "SIGTERM", _ = int.recv() => "SIGINT" };
    tracing::info!("stopping on {first}: no new connections, {} requests may end", handle.connection_count());
    stop.send_replace(true);
    handle.graceful_shutdown(Some(drain));
    tokio::select! { _ = term.recv() => {}, _ = int.recv() => {} }
    tracing::warn!("stopping at once");
    handle.shutdown();
}
