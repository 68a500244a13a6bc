//! The directory that the store is in: the one that is named, or one in the user's data folder.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use clap::Args;
use etcetera::BaseStrategy;

use crate::failure::Failure;
use crate::terminal::note;

/// Where executions are kept: `--data DIR`, in every command.
#[derive(Debug, Clone, Default, PartialEq, Eq, Args)]
pub struct DataDirectory {
    /// The directory that executions are kept in.
    ///
    /// Without it, that is one of the name of the program in the user's data folder, such as `~/.local/share`.
    #[arg(long = "data", value_name = "DIR")]
    directory: Option<PathBuf>,
}

impl DataDirectory {
    /// Finds the store of a program.
    pub(crate) fn find(&self, program: &str) -> Result<PathBuf, Failure> {
        let directory = self.path(program)?;
        let is_there = match fs::read_dir(&directory) {
            Ok(mut entries) => entries.next().is_some(),
            Err(error) => error.kind() != io::ErrorKind::NotFound,
        };
        if is_there { resolved(&directory) } else { Err(no_store(&directory)) }
    }

    /// Finds the directory of a program, or makes it, for the user alone.
    pub(crate) fn find_or_make(&self, program: &str) -> Result<PathBuf, Failure> {
        let directory = self.path(program)?;
        if !directory.exists() {
            make(&directory).map_err(|error| unusable(&directory, &error))?;
            if self.directory.is_none() {
                let directory = directory.display();
                note(&format!(
                    "executions are kept in `{directory}`; `--data DIR` names another directory"
                ));
            }
        }
        resolved(&directory)
    }

    fn path(&self, program: &str) -> Result<PathBuf, Failure> {
        if let Some(directory) = &self.directory {
            return Ok(directory.clone());
        }
        let folders = etcetera::base_strategy::choose_native_strategy().map_err(|_| {
            Failure::wrong("you have no home directory: give a directory with `--data DIR`")
        })?;
        Ok(folders.data_dir().join(program))
    }
}

/// A directory by a path that does not depend on where the program was started, so that all find the same socket in it.
fn resolved(directory: &Path) -> Result<PathBuf, Failure> {
    let resolved = fs::canonicalize(directory).map_err(|error| unusable(directory, &error))?;
    if resolved.is_dir() {
        return Ok(resolved);
    }
    Err(Failure::wrong(format!("`{}` is no directory", directory.display())))
}

fn make(directory: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.recursive(true).create(directory)
}

fn no_store(directory: &Path) -> Failure {
    let directory = directory.display();
    Failure::wrong(format!("there is no store in `{directory}`: `start` and `work` make one"))
}

fn unusable(directory: &Path, error: &io::Error) -> Failure {
    Failure::wrong(format!("`{}` cannot be used: {error}", directory.display()))
}
