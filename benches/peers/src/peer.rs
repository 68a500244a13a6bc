//! The engines that are measured: what each is called, what it makes durable, and how many executions a measurement of it has.

use std::time::Duration;

use crate::engine::{Failure, measure};
use crate::engines::dbos::Dbos;
use crate::engines::duroxide::Duroxide;
use crate::engines::sayiir::Sayiir;
use crate::engines::workflow::Workflow;
use crate::postgres::Postgres;

/// How many connections each engine on Postgres may have. Unless they are told they have 10, which are too few for 64 executions; with
/// 64 none of them is faster.
pub(crate) const CONNECTIONS: u32 = 32;

/// An engine on a store.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Peer {
    Workflow,
    DuroxideSqlite,
    DuroxidePostgres,
    Sayiir,
    Dbos,
}

impl Peer {
    /// All of them, ours first.
    pub(crate) const ALL: [Self; 5] =
        [Self::Workflow, Self::DuroxideSqlite, Self::DuroxidePostgres, Self::Sayiir, Self::Dbos];

    /// What it is called, with its version.
    pub(crate) fn name(self) -> String {
        let (package, store) = match self {
            Self::Workflow => ("workflow-durable", "log"),
            Self::DuroxideSqlite => ("duroxide", "SQLite"),
            Self::DuroxidePostgres => ("duroxide", "Postgres"),
            Self::Sayiir => ("sayiir-runtime", "Postgres"),
            Self::Dbos => ("dbos", "Postgres"),
        };
        format!("{package} {} on {store}", version(package))
    }

    /// What is durable, and when.
    pub(crate) fn durable(self) -> &'static str {
        match self {
            Self::Workflow => "each transition, before what follows from it",
            Self::DuroxideSqlite => "each activity, but not synced: a power cut takes the newest",
            Self::DuroxidePostgres => "each activity, when it is queued, fetched, ended and seen",
            Self::Sayiir => "a snapshot after each task; two branches are one task, not two",
            Self::Dbos => "each step after it has ended; the branches are two waves",
        }
    }

    /// Whether it needs a server of Postgres.
    pub(crate) fn needs_postgres(self) -> bool {
        matches!(self, Self::DuroxidePostgres | Self::Sayiir | Self::Dbos)
    }

    /// How many executions take some seconds, where so many run at once.
    fn executions(self, at_once: u32) -> u32 {
        match (self, at_once) {
            (Self::Workflow, 1) => 1_000,
            (Self::Workflow, _) => 20_000,
            (Self::DuroxideSqlite | Self::DuroxidePostgres, 1) => 10,
            (Self::DuroxideSqlite | Self::DuroxidePostgres, _) => 128,
            (Self::Sayiir | Self::Dbos, 1) => 50,
            (Self::Sayiir, _) => 256,
            (Self::Dbos, _) => 512,
        }
    }

    /// How many workers duroxide has of each kind, where so many executions run at once: as many as it is fastest with. More of them
    /// only wait for the store, which they ask all the time.
    fn workers(self, at_once: u32) -> usize {
        match (self, at_once) {
            (_, 1) => 4,
            (Self::DuroxideSqlite, _) => 8,
            (_, _) => 16,
        }
    }

    /// Handles orders on a new store, so many at once, and returns how many a second there are.
    pub(crate) async fn rate(
        self,
        postgres: Option<&Postgres>,
        at_once: u32,
    ) -> Result<f64, Failure> {
        let executions = self.executions(at_once);
        let time = match postgres.filter(|_| self.needs_postgres()) {
            Some(postgres) => {
                let database = postgres.create("peers").await?;
                let time = self.time_on_postgres(&database, at_once, executions).await;
                postgres.remove("peers").await?;
                time?
            }
            None => self.time_in_folder(at_once, executions).await?,
        };
        Ok(f64::from(executions) / time.as_secs_f64())
    }

    async fn time_in_folder(self, at_once: u32, executions: u32) -> Result<Duration, Failure> {
        let folder = tempfile::tempdir_in(std::env::current_dir()?)?;
        match self {
            Self::Workflow => measure(Workflow::open(folder.path())?, at_once, executions).await,
            Self::DuroxideSqlite => {
                let engine = Duroxide::on_sqlite(folder.path(), self.workers(at_once)).await?;
                measure(engine, at_once, executions).await
            }
            Self::DuroxidePostgres | Self::Sayiir | Self::Dbos => {
                Err("there is no Postgres".into())
            }
        }
    }

    async fn time_on_postgres(
        self,
        database: &str,
        at_once: u32,
        executions: u32,
    ) -> Result<Duration, Failure> {
        match self {
            Self::DuroxidePostgres => {
                let engine = Duroxide::on_postgres(database, self.workers(at_once)).await?;
                measure(engine, at_once, executions).await
            }
            Self::Sayiir => {
                measure(Sayiir::open(database, CONNECTIONS).await?, at_once, executions).await
            }
            Self::Dbos => {
                measure(Dbos::open(database, CONNECTIONS).await?, at_once, executions).await
            }
            Self::Workflow | Self::DuroxideSqlite => Err("it has a store in a folder".into()),
        }
    }
}

/// The version of a package that this is built with.
fn version(package: &str) -> &'static str {
    let name = format!("name = \"{package}\"\nversion = \"");
    let (_, after) = include_str!("../Cargo.lock").split_once(&name).unwrap_or_default();
    after.split('"').next().unwrap_or_default()
}
