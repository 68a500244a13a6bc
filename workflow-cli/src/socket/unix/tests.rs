//! Where the socket is, who may connect to it, and what comes of a request.

use tokio::sync::watch;
use workflow_durable::{Durable, Memory};

use super::*;
use crate::request::Response;

fn permissions(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

/// A directory whose name is longer than that of a socket may be.
fn deep(directory: &Path) -> PathBuf {
    let deep = directory.join("d".repeat(120));
    fs::create_dir(&deep).unwrap();
    deep
}

/// Asks who works, of a process that works until it is told to stop.
async fn ask_worker(directory: &Path) -> u32 {
    let durable = Durable::builder(Memory::default()).open().unwrap();
    let (stop, stopping) = watch::channel(false);
    let serving = tokio::spawn(Socket::bind(directory).unwrap().serve(durable, vec![], stopping));
    let Reached::Answered(Ok(Response::Worker { process })) =
        ask(directory, &Request::Worker).await.unwrap()
    else {
        panic!("it does not answer")
    };
    stop.send_replace(true);
    serving.await.unwrap();
    assert!(matches!(ask(directory, &Request::Worker).await.unwrap(), Reached::Nobody));
    process
}

#[tokio::test]
async fn a_process_that_works_is_reached_until_it_stops() {
    let directory = tempfile::tempdir().unwrap();
    assert!(matches!(ask(directory.path(), &Request::Worker).await.unwrap(), Reached::Nobody));
    assert_eq!(ask_worker(directory.path()).await, std::process::id());
    assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 0, "nothing is left");
}

#[tokio::test]
async fn a_directory_with_a_long_name_has_its_socket_elsewhere() {
    let directory = tempfile::tempdir().unwrap();
    let deep = deep(directory.path());
    assert_eq!(ask_worker(&deep).await, std::process::id());

    let socket = Socket::bind(&deep).unwrap();
    let path = find(&deep.join(NAME)).unwrap();
    assert_eq!((permissions(&path), permissions(path.parent().unwrap())), (0o600, 0o700));
    drop(socket);
    assert!(!path.parent().unwrap().exists() && !deep.join(NAME).exists());
}

#[tokio::test]
async fn a_socket_that_was_left_is_replaced() {
    let directory = tempfile::tempdir().unwrap();
    for directory in [directory.path().to_owned(), deep(directory.path())] {
        let left = Socket::bind(&directory).unwrap();
        let path = find(&directory.join(NAME)).unwrap();
        let Socket { listener, _place } = left;
        // As after `kill -9`: nobody listens any more, and all files are there.
        drop(listener);
        std::mem::forget(_place);
        assert!(path.exists());
        assert!(matches!(ask(&directory, &Request::Worker).await.unwrap(), Reached::Nobody));
        assert_eq!(ask_worker(&directory).await, std::process::id());
        assert!(!path.exists());
    }
}

#[tokio::test]
async fn nobody_else_may_connect() {
    let directory = tempfile::tempdir().unwrap();
    let _socket = Socket::bind(directory.path()).unwrap();
    assert_eq!(permissions(&directory.path().join(NAME)), 0o600);
}

#[tokio::test]
async fn who_ends_before_it_answers_is_lost() {
    let directory = tempfile::tempdir().unwrap();
    let socket = Socket::bind(directory.path()).unwrap();
    let hang_up = async {
        let (stream, _) = socket.listener.accept().await.unwrap();
        drop(stream);
    };
    let (reached, ()) = tokio::join!(ask(directory.path(), &Request::Worker), hang_up);
    assert!(matches!(reached.unwrap(), Reached::Lost));
}

#[test]
fn another_version_of_the_protocol_is_told_so() {
    let failure = received(r#"{"version":9,"request":{"Dance":{}}}"#).unwrap_err();
    assert!(failure.to_string().contains("version 1 of the protocol, and this one 9"), "{failure}");
    assert!(received(r#"{"version":1,"request":"Worker"}"#).is_ok());
    assert!(received("GET / HTTP/1.1").unwrap_err().to_string().contains("not understood"));
}
