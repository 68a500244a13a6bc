//! `work`: runs everything that is not finished, and answers the other commands, until it is told to stop.

use std::io::{self, IsTerminal, Stderr};
use std::time::Duration;

use clap::Args;
use tokio::sync::watch;
use tokio::time::interval;
use workflow_durable::{Durable, List, Status};

use crate::ask::Store;
use crate::data::DataDirectory;
use crate::failure::Failure;
use crate::program::Program;
use crate::signal::Signals;
use crate::socket::Socket;
use crate::tally::Tally;
use crate::terminal::note;
use crate::traces::Traces;

/// Runs everything that is not finished, until it is told to stop.
#[derive(Debug, Clone, Args)]
pub struct Work {
    /// Ends when nothing runs any more: with the exit status 1, if an execution has failed meanwhile.
    #[arg(long)]
    until_done: bool,

    /// How long tasks under way may take when it is told to stop.
    #[arg(long, value_name = "SECONDS", default_value_t = 10)]
    grace: u32,

    /// Leaves out the trace and the progress.
    #[arg(short, long)]
    quiet: bool,

    #[command(flatten)]
    data: DataDirectory,
}

/// Why it works no more.
enum End {
    /// It was told to stop.
    Stopped,
    /// Nothing runs any more, and so many executions have failed.
    Done { failed: usize },
}

impl Work {
    pub(super) async fn run(&self, program: &Program) -> Result<(), Failure> {
        let mut signals = Signals::new()
            .map_err(|error| Failure::failed(format!("signals cannot be heard: {error}")))?;
        let store = Store::find_or_make(program, &self.data)?;
        let log = store.open().await?;
        // Before the executions are read: who asks meanwhile waits for the answer.
        let socket = Socket::bind(store.directory())?;
        let news = (Traces::new(io::stderr()), Tally::default());
        let builder = program.register(Durable::builder(log));
        let builder = if self.quiet { builder } else { builder.listener(news.clone()) };
        let durable = builder.open()?;
        if !self.quiet {
            note(&format!("working on `{}`, until Ctrl-C", store.directory().display()));
        }
        let (stop, stopping) = watch::channel(false);
        let serving = tokio::spawn(socket.serve(durable.clone(), program.workflows(), stopping));
        let telling = tokio::spawn(tell(news));
        let end = tokio::select! {
            _ = signals.next() => End::Stopped,
            failed = until_done(&durable, program), if self.until_done => End::Done { failed: failed? },
        };
        stop.send_replace(true);
        // It ends since it was told to; a panic in it is no reason to go on.
        let _ = serving.await;
        self.shut_down(&durable, &mut signals, &end).await;
        telling.abort();
        match end {
            End::Done { failed: 1.. } => Err(Failure::failed(format!(
                "an execution has failed: see `{} list --status FAILED`",
                program.name()
            ))),
            End::Done { .. } | End::Stopped => Ok(()),
        }
    }

    /// Shuts the engine down, unless a second signal comes.
    async fn shut_down(&self, durable: &Durable, signals: &mut Signals, end: &End) {
        if let (End::Stopped, false) = (end, self.quiet) {
            let grace = self.grace;
            note(&format!(
                "stopping: tasks under way have {grace} s to end; a second signal ends them at once"
            ));
        }
        tokio::select! {
            () = durable.shut_down(Duration::from_secs(self.grace.into())) => {}
            signal = signals.next() => std::process::exit(signal.status()),
        }
    }
}

/// Waits until no execution of the program runs any more, and returns how many have failed meanwhile.
async fn until_done(durable: &Durable, program: &Program) -> Result<usize, Failure> {
    let mut failed = 0;
    loop {
        let mut running = Vec::new();
        for workflow in program.workflows() {
            let (workflow, status) = (Some(workflow.to_owned()), Some(Status::Running));
            let list = List { workflow, status, most: usize::MAX, after: None };
            running.extend(durable.list(&list).await?.executions);
        }
        if running.is_empty() {
            return Ok(failed);
        }
        for listed in running {
            let ended = durable.execution(&listed.id).await?.ended().await?;
            failed += usize::from(ended.status != Status::Succeeded);
        }
    }
}

/// Tells for ever of what happens: where executions wait, and on a terminal how many run.
async fn tell((traces, tally): (Traces<Stderr>, Tally)) {
    const QUIET: Duration = Duration::from_millis(500);
    const TICKS_OF_PROGRESS: usize = 20;
    let mut tick = interval(QUIET / 2);
    let mut said = None;
    for ticks in 1.. {
        tick.tick().await;
        traces.write_quiet(QUIET);
        let progress = tally.progress().filter(|_| ticks % TICKS_OF_PROGRESS == 0);
        if progress.is_some() && progress != said && io::stderr().is_terminal() {
            note(progress.as_deref().unwrap_or_default());
            said = progress;
        }
    }
}
