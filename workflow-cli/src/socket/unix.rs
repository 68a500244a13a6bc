//! Unix domain sockets. A request is a line of JSON, `{"version":1,"request":{..}}`, and so is its answer, `{"Ok":{..}}` or
//! `{"Err":{..}}`. What they say is in `request.rs`.

mod serve;

use std::ffi::OsString;
use std::io;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::os::unix::fs::{DirBuilderExt, FileTypeExt, PermissionsExt};
use std::os::unix::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::{env, fs};

use serde::{Deserialize, Serialize};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{UnixListener, UnixSocket, UnixStream};

use super::Reached;
use crate::failure::Failure;
use crate::request::{Answer, Request};

const NAME: &str = "work.socket";

/// The version of the protocol. What speaks another is told so.
const VERSION: u32 = 1;

/// A request as it is sent.
#[derive(Serialize)]
struct Sent<'a> {
    version: u32,
    request: &'a Request,
}

/// The part of a request by which a process knows whether it understands the rest.
#[derive(Deserialize)]
struct Versioned {
    version: u32,
}

#[derive(Deserialize)]
struct Received {
    request: Request,
}

/// Has the process that works answer a request, if there is one.
pub(crate) async fn ask(directory: &Path, request: &Request) -> Result<Reached, Failure> {
    let Some(path) = find(&directory.join(NAME)) else { return Ok(Reached::Nobody) };
    let stream = match UnixStream::connect(&path).await {
        Ok(stream) => stream,
        Err(error) if is_nobody(&error) => return Ok(Reached::Nobody),
        Err(error) => return Err(unreachable(&path, &error)),
    };
    match exchange(stream, request).await {
        Ok(Some(line)) => read(&line).map(Reached::Answered),
        Ok(None) => Ok(Reached::Lost),
        Err(error) if is_lost(&error) => Ok(Reached::Lost),
        Err(error) => Err(unreachable(&path, &error)),
    }
}

/// Where the socket of a directory is, if anything is there.
fn find(path: &Path) -> Option<PathBuf> {
    let found = fs::symlink_metadata(path).ok()?.file_type();
    if found.is_socket() {
        return Some(path.to_owned());
    }
    Some(PathBuf::from(OsString::from_vec(fs::read(path).ok()?)))
}

fn unreachable(path: &Path, error: &io::Error) -> Failure {
    Failure::failed(format!(
        "the process that works cannot be reached through `{}`: {error}",
        path.display()
    ))
}

fn is_nobody(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::ConnectionRefused)
}

fn is_lost(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::ConnectionReset | io::ErrorKind::BrokenPipe)
}

/// Sends a request, and receives the line that answers it, unless there is none.
async fn exchange(mut stream: UnixStream, request: &Request) -> io::Result<Option<String>> {
    let line = serde_json::to_string(&Sent { version: VERSION, request })? + "\n";
    stream.write_all(line.as_bytes()).await?;
    BufReader::new(stream).lines().next_line().await
}

fn read(line: &str) -> Result<Answer, Failure> {
    serde_json::from_str(line).map_err(|error| {
        Failure::failed(format!("the answer of the process that works is not understood: {error}"))
    })
}

/// Reads a request.
fn received(line: &str) -> Result<Request, Failure> {
    let not_understood = |error| Failure::failed(format!("the request is not understood: {error}"));
    let Versioned { version } = serde_json::from_str(line).map_err(not_understood)?;
    if version != VERSION {
        return Err(Failure::failed(format!(
            "the process that works speaks version {VERSION} of the protocol, and this one {version}: run the same version of the program"
        )));
    }
    let Received { request } = serde_json::from_str(line).map_err(not_understood)?;
    Ok(request)
}

/// The socket of the process that works. It is removed when this is dropped.
#[derive(Debug)]
pub(crate) struct Socket {
    listener: UnixListener,
    _place: Place,
}

/// What there is of a socket in the file system.
#[derive(Debug)]
struct Place {
    /// What is in the directory of the store.
    known: PathBuf,
    /// The socket itself, where it is elsewhere.
    elsewhere: Option<PathBuf>,
}

impl Socket {
    /// Makes the socket of a store, which the caller has to itself.
    pub(crate) fn bind(directory: &Path) -> Result<Self, Failure> {
        let known = directory.join(NAME);
        Self::replace(&known).map_err(|error| {
            Failure::failed(format!("the socket `{}` cannot be made: {error}", known.display()))
        })
    }

    fn replace(known: &Path) -> io::Result<Self> {
        drop(Place::left_at(known));
        if SocketAddr::from_pathname(known).is_ok() {
            let place = Place { known: known.to_owned(), elsewhere: None };
            return Ok(Self { listener: listen(known)?, _place: place });
        }
        let own = env::temp_dir().join(format!("workflow-{}", uuid::Uuid::new_v4().simple()));
        fs::DirBuilder::new().mode(0o700).create(&own)?;
        let path = own.join("socket");
        let place = Place { known: known.to_owned(), elsewhere: Some(path.clone()) };
        let socket = Self { listener: listen(&path)?, _place: place };
        // Whoever finds the name finds all of it.
        let written = known.with_extension("new");
        fs::write(&written, path.as_os_str().as_bytes())?;
        fs::rename(written, known)?;
        Ok(socket)
    }
}

/// Listens at a path that nobody but the user can connect to: not even before it is said that nobody may.
fn listen(path: &Path) -> io::Result<UnixListener> {
    const WAITING: u32 = 1024;
    let socket = UnixSocket::new_stream()?;
    socket.bind(path)?;
    fs::set_permissions(path, fs::Permissions::from_mode(0o600))?;
    socket.listen(WAITING)
}

impl Place {
    /// What a process has left that was killed.
    fn left_at(known: &Path) -> Self {
        let elsewhere = find(known).filter(|path| path != known);
        let is_socket = |path: &PathBuf| {
            fs::symlink_metadata(path).is_ok_and(|found| found.file_type().is_socket())
        };
        Self { known: known.to_owned(), elsewhere: elsewhere.filter(is_socket) }
    }
}

/// Removes it. What cannot be removed is seen when it is made anew.
impl Drop for Place {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.known);
        if let Some(path) = &self.elsewhere {
            let _ = fs::remove_file(path);
            let _ = path.parent().map(fs::remove_dir);
        }
    }
}

#[cfg(test)]
mod tests;
