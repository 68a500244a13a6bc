//! The traces of executions that run at the same time: the lines of each stand together.
//!
//! They are written when it ends or leaves the process, and when nothing has happened in it for a while, so that one that waits is
//! seen where it waits. What happens after that is written later, under its name again.

use std::collections::HashMap;
use std::io::{self, Write};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;
use workflow_core::{Event, Execution, Listener, Parent, Trace};

use crate::terminal;

/// Writes the traces of many executions. A clone writes the same ones.
pub(crate) struct Traces<W> {
    pages: Arc<Mutex<Pages<W>>>,
}

/// What is not written yet, by the id of the execution. One that is the task of another has a share in the page of that one.
struct Pages<W> {
    writer: W,
    is_empty: bool,
    open: HashMap<String, Arc<Mutex<Page>>>,
}

/// The trace of an execution.
struct Page {
    /// The id of the execution, without those that are its tasks.
    id: String,
    /// What stands above its lines where they go on.
    title: String,
    trace: Trace<Lines>,
    lines: Lines,
    /// Whether a part of it is written.
    is_begun: bool,
    /// When something happened last.
    last: Instant,
}

/// Lines that are not written yet.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl<W: Write + Send> Traces<W> {
    pub(crate) fn new(writer: W) -> Self {
        let pages = Pages { writer, is_empty: true, open: HashMap::new() };
        Self { pages: Arc::new(Mutex::new(pages)) }
    }

    /// Writes the lines of executions in which nothing has happened for so long.
    pub(crate) fn write_quiet(&self, quiet: Duration) {
        let mut pages = lock(&self.pages);
        let Pages { writer, is_empty, open } = &mut *pages;
        let mut pages: Vec<_> =
            open.values().map(|page| lock(page).last).zip(open.values()).collect();
        pages.retain(|(last, _)| last.elapsed() >= quiet);
        pages.sort_by_key(|(last, _)| *last);
        for (_, page) in pages {
            lock(page).write(writer, is_empty);
        }
    }
}

impl<W> Clone for Traces<W> {
    fn clone(&self) -> Self {
        Self { pages: Arc::clone(&self.pages) }
    }
}

impl<W: Write + Send> Listener for Traces<W> {
    fn on(&self, event: &Event<'_>) {
        lock(&self.pages).on(event);
    }
}

impl<W: Write> Pages<W> {
    fn on(&mut self, event: &Event<'_>) {
        let execution = event.execution();
        if let Event::ExecutionStarted { parent, .. } = event {
            self.open(execution, *parent);
        }
        let Some(page) = self.open.get(execution.id()).cloned() else { return };
        let mut page = lock(&page);
        page.trace.on(event);
        page.last = Instant::now();
        if event.is_end() {
            self.open.remove(execution.id());
            if page.id == execution.id() {
                page.write(&mut self.writer, &mut self.is_empty);
            }
        }
    }

    fn open(&mut self, execution: &Execution, parent: Option<Parent<'_>>) {
        let around = parent.and_then(|parent| self.open.get(parent.execution.id()).cloned());
        let page = around.unwrap_or_else(|| Arc::new(Mutex::new(Page::new(execution))));
        self.open.insert(execution.id().to_owned(), page);
    }
}

impl Page {
    fn new(execution: &Execution) -> Self {
        let lines = Lines::default();
        Self {
            id: execution.id().to_owned(),
            title: format!(
                "{}  execution {}, going on\n",
                execution.definition().name,
                execution.name()
            ),
            trace: terminal::trace(lines.clone()),
            lines,
            is_begun: false,
            last: Instant::now(),
        }
    }

    /// Writes what is not written yet. What cannot be written is lost: an execution does not fail because of its trace.
    fn write(&mut self, writer: &mut impl Write, is_empty: &mut bool) {
        let lines = std::mem::take(&mut *lock(&self.lines.0));
        if lines.is_empty() {
            return;
        }
        let before = if std::mem::replace(is_empty, false) { "" } else { "\n" };
        let title = if std::mem::replace(&mut self.is_begun, true) { &self.title } else { "" };
        // One piece, so that what tasks write does not stand between.
        let text = [before.as_bytes(), title.as_bytes(), &lines].concat();
        let _ = writer.write_all(&text).and_then(|()| writer.flush());
    }
}

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        lock(&self.0).write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use workflow_core::{InProcess, task, workflow};

    use super::*;

    #[task]
    async fn pause(milliseconds: u64) -> u64 {
        tokio::time::sleep(Duration::from_millis(milliseconds)).await;
        milliseconds
    }

    workflow! {
        Pauses(u64) -> u64;
        First: Task { call: pause($), next: Second }
        Second: Task { call: pause($), end }
    }

    workflow! {
        Around(u64) -> u64;
        Inner: Task { call: Pauses($), end }
    }

    type Written = Arc<Mutex<Vec<u8>>>;

    fn traces() -> (Traces<Lines>, Written) {
        let lines = Lines::default();
        (Traces::new(lines.clone()), lines.0)
    }

    /// What is written, without how long it took and what went through.
    fn words(written: &Written) -> String {
        let text = String::from_utf8(lock(written).clone()).unwrap();
        let short = |line: &str| {
            let words: Vec<_> = line.split_whitespace().take(4).collect();
            words.join(" ")
        };
        text.lines().map(short).collect::<Vec<_>>().join("\n")
    }

    #[tokio::test(start_paused = true)]
    async fn the_lines_of_each_execution_stand_together() {
        let (traces, written) = traces();
        let engine = |name: &str| InProcess::new(()).name(name).listener(&traces);
        let (a, b) = tokio::join!(async { engine("a").run::<Pauses>(20).await }, async {
            engine("b").run::<Pauses>(15).await
        },);
        assert_eq!((a.unwrap(), b.unwrap()), (20, 15));
        let text = words(&written);
        let (first, second) = text.split_once("\n\n").unwrap();
        assert!(
            first.starts_with("Pauses execution b\n● First") && first.contains("✓ succeeded"),
            "{text}"
        );
        assert!(second.starts_with("Pauses execution a\n● First"), "{text}");
        assert_eq!(lock(&traces.pages).open.len(), 0, "what has ended is forgotten");
    }

    #[tokio::test(start_paused = true)]
    async fn what_waits_is_seen_and_goes_on_under_its_name() {
        let (traces, written) = traces();
        let run = async {
            InProcess::new(()).name("a").listener(&traces).run::<Pauses>(500).await.unwrap();
        };
        let look = async {
            tokio::time::sleep(Duration::from_millis(700)).await;
            traces.write_quiet(Duration::from_millis(300));
            assert_eq!(words(&written), "", "something has just happened");
            tokio::time::sleep(Duration::from_millis(150)).await;
            traces.write_quiet(Duration::from_millis(300));
        };
        tokio::join!(run, look);
        let text = words(&written);
        let (first, second) = text.split_once("\n\n").unwrap();
        assert!(first.starts_with("Pauses execution a\n● First"), "{text}");
        assert!(second.starts_with("Pauses execution a, going\n● Second"), "{text}");
        assert!(second.contains("✓ succeeded"), "{text}");
    }

    #[tokio::test(start_paused = true)]
    async fn an_execution_that_is_a_task_stands_with_the_one_that_called_it() {
        let (traces, written) = traces();
        InProcess::new(()).name("a").listener(&traces).run::<Around>(5).await.unwrap();
        let text = words(&written);
        assert!(!text.contains("\n\n") && text.starts_with("Around execution a\n"), "{text}");
        assert!(text.contains("Pauses execution") && text.contains("✓ succeeded"), "{text}");
    }
}
