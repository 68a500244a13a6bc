//! A server of Postgres for the engines that need one, and a database of its own for each measurement.
//!
//! The server is a throw-away one on this disk, made by `pg_virtualenv` of Debian's `postgresql-common`, which runs this program again
//! beside it. `PEERS_POSTGRES=1` says instead that the variables of libpq, `PGHOST` and the like, name a server that may be used.

use std::ffi::OsString;
use std::process::{Command, ExitStatus};

use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Row};

use crate::engine::Failure;

/// Says that there is a server, in the environment.
const HERE: &str = "PEERS_POSTGRES";

/// A server that there is.
pub(crate) struct Postgres(PgConnectOptions);

impl Postgres {
    /// The server that the environment names, if it does.
    pub(crate) fn here() -> Option<Self> {
        std::env::var_os(HERE).map(|_| Self(PgConnectOptions::new()))
    }

    /// What it is, and whether it syncs.
    pub(crate) async fn description(&self) -> Result<String, Failure> {
        let mut connection = self.0.connect().await?;
        let mut settings = Vec::new();
        for setting in ["server_version", "fsync", "synchronous_commit", "wal_sync_method"] {
            let row = sqlx::raw_sql(AssertSqlSafe(format!("SHOW {setting}")));
            let value: String = row.fetch_one(&mut connection).await?.try_get(0)?;
            settings.push(format!("{setting} {value}"));
        }
        Ok(settings.join(", "))
    }

    /// Makes a database, and returns its address.
    pub(crate) async fn create(&self, name: &str) -> Result<String, Failure> {
        self.run(format!("CREATE DATABASE {name}")).await?;
        Ok(self.0.clone().database(name).to_url_lossy().to_string())
    }

    /// Removes a database.
    pub(crate) async fn remove(&self, name: &str) -> Result<(), Failure> {
        self.run(format!("DROP DATABASE {name} WITH (FORCE)")).await
    }

    async fn run(&self, statement: String) -> Result<(), Failure> {
        let mut connection: PgConnection = self.0.connect().await?;
        sqlx::raw_sql(AssertSqlSafe(statement)).execute(&mut connection).await?;
        Ok(connection.close().await?)
    }
}

/// Runs this program again beside a server of its own, which syncs as Postgres does without being told; `None` where there is no
/// `pg_virtualenv`.
pub(crate) fn beside_a_server(
    arguments: &[OsString],
    connections: u32,
) -> Result<Option<ExitStatus>, Failure> {
    let settings = ["fsync=on", "synchronous_commit=on", "max_connections=300"];
    let status = Command::new("pg_virtualenv")
        .arg("-t")
        .args(settings.iter().flat_map(|setting| ["-o", setting]))
        .arg(std::env::current_exe()?)
        .args(arguments)
        .env("TMPDIR", std::env::current_dir()?)
        .env(HERE, "1")
        // The size of duroxide's pool is no option of its provider.
        .env("DUROXIDE_PG_POOL_MAX", connections.to_string())
        .status();
    match status {
        Ok(status) => Ok(Some(status)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error.into()),
    }
}
