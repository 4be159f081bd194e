//! Downloads from servers of every kind, and the limits that they are held to.
#![cfg(feature = "input")]
#![allow(clippy::unwrap_used, reason = "a test may stop at what it does not expect")]

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use cog_kit::{
    File, Input, Path,
    input::{InputError, InputLimits, Sources},
};
use serde_json::{Value, json};

#[derive(Input, Debug)]
struct Inputs {
    /// A file.
    #[input(default = None)]
    file: Option<Path>,
    /// Read as it arrives.
    #[input(default = None)]
    stream: Option<File>,
    /// Several files.
    #[input(default = [])]
    files: Vec<Path>,
}

/// The beginning of a gzip file of zeros without end: a header, one literal in a block of fixed codes (RFC 1951 section 3.2.6), and then 8 copies of
/// the 258 bytes before, which may follow again and again. Every 13 bytes become 2,064.
fn endless_zeros() -> (Vec<u8>, Vec<u8>) {
    let packed = |bits: &str| -> Vec<u8> {
        let bits: Vec<u8> = bits.bytes().map(|bit| bit - b'0').collect();
        bits.chunks(8).map(|chunk| chunk.iter().rev().fold(0, |byte, bit| byte << 1 | bit)).collect()
    };
    // Length 258 is code 285, 8 bits; distance 1 is code 0, 5 bits.
    let copy = "1100010100000";
    let header = [&[0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255][..], &packed(&format!("01000110000{copy}"))].concat();
    // The block's head and the literal have 11 bits, and a copy 13: 24 together, so that the rest begins with a byte.
    (header, packed(&copy.repeat(8)))
}

/// Answers requests on connections of their own: `answer` is given the request's head and the stream.
fn server(answer: impl Fn(&str, &mut TcpStream) + Send + Sync + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let answer = Arc::new(answer);
    thread::spawn(move || {
        for mut stream in listener.incoming().map_while(Result::ok) {
            let answer = Arc::clone(&answer);
            thread::spawn(move || {
                let lines = BufReader::new(stream.try_clone().unwrap()).lines().map_while(Result::ok);
                let head: Vec<String> = lines.take_while(|line| !line.is_empty()).collect();
                answer(&head.join("\n"), &mut stream);
            });
        }
    });
    format!("http://{address}")
}

fn path(head: &str) -> &str {
    head.split(' ').nth(1).unwrap()
}

fn send(stream: &mut TcpStream, text: &str) {
    let _ = stream.write_all(text.as_bytes());
}

/// A server that answers with headers and a body by path, and closes the connection.
fn answers(cases: &'static [(&'static str, &'static str)]) -> String {
    server(|head, stream| {
        let found = cases.iter().find(|(known, _)| *known == path(head));
        let (_, answer) = found.unwrap_or(&("", "HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n"));
        let address = stream.local_addr().unwrap().to_string();
        send(stream, &answer.replace("HOST", &address));
    })
}

fn decode(request: &Value, sources: &Sources) -> Result<Inputs, InputError> {
    Inputs::decode(request.as_object().unwrap(), sources)
}

fn fault(url: &str, sources: &Sources) -> String {
    decode(&json!({"file": url}), sources).unwrap_err().to_string()
}

fn name_of(url: &str) -> String {
    let inputs = decode(&json!({"file": url}), &Sources::remote()).unwrap();
    inputs.file.unwrap().file_name().unwrap().to_str().unwrap().to_owned()
}

#[test]
fn a_file_is_named_by_the_answer_where_its_url_has_no_extension() {
    let server = answers(&[
        ("/typed", "HTTP/1.1 200 OK\r\ncontent-type: image/png\r\ncontent-length: 1\r\nconnection: close\r\n\r\nx"),
        ("/typed.jpg", "HTTP/1.1 200 OK\r\ncontent-type: image/png\r\ncontent-length: 1\r\nconnection: close\r\n\r\nx"),
        ("/parameters", "HTTP/1.1 200 OK\r\nCONTENT-TYPE: Model/glTF-Binary; v=2\r\ncontent-length: 1\r\nconnection: close\r\n\r\nx"),
        ("/named", "HTTP/1.1 200 OK\r\ncontent-disposition: attachment; filename=\"a b.tiff\"\r\nconnection: close\r\n\r\nx"),
        (
            "/extended",
            "HTTP/1.1 200 OK\r\ncontent-disposition: attachment; filename=a.gif; filename*=utf-8''%c3%a9.png\r\nconnection: close\r\n\r\nx",
        ),
        ("/moved", "HTTP/1.1 302 Found\r\nlocation: /deep/photo.png?size=2\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"),
        (
            "/moved-twice",
            "HTTP/1.1 308 Permanent Redirect\r\nlocation: http://HOST/moved\r\ncontent-length: 0\r\nconnection: close\r\n\r\n",
        ),
        ("/deep/photo.png?size=2", "HTTP/1.1 200 OK\r\ncontent-length: 1\r\nconnection: close\r\n\r\nx"),
        ("/plain", "HTTP/1.1 200 OK\r\ncontent-type: application/octet-stream\r\ncontent-length: 1\r\nconnection: close\r\n\r\nx"),
        (
            "/chunked",
            "HTTP/1.1 200 OK\r\ncontent-type: audio/webm\r\ntransfer-encoding: chunked\r\nconnection: close\r\n\r\n1\r\nx\r\n0\r\n\r\n",
        ),
    ]);
    for (path, expected) in [
        ("typed", "typed.png"),
        ("typed.jpg", "typed.jpg"),
        ("parameters", "parameters.glb"),
        ("named", "a b.tiff"),
        ("extended", "é.png"),
        ("moved", "photo.png"),
        ("moved-twice", "photo.png"),
        ("plain", "plain"),
        ("chunked", "chunked.webm"),
    ] {
        let name = name_of(&format!("{server}/{path}"));
        assert!(name.ends_with(expected) && name.len() < expected.len() + 10, "{path}: {name}");
    }
}

#[test]
fn data_uris_of_every_form_become_files_or_are_refused_by_name() {
    for (uri, expected) in [
        ("data:model/gltf-binary;base64,aGk=", ".glb"),
        ("data:application/gzip;base64,aGk=", ".gz"),
        ("data:video/ogg;base64,aGk", ".ogv"),
        ("data:audio/opus;codecs=1;BASE64,aGk=", ".opus"),
        ("data:audio/webm;base64,aG k=", ".webm"),
        ("data:audio/mp3;base64,%61Gk%3D", ".mp3"),
        ("data:audio/vnd.wave;base64,aGk=", ".wav"),
    ] {
        let inputs = decode(&json!({"files": [uri]}), &Sources::remote()).unwrap();
        assert_eq!(std::fs::read(&inputs.files[0]).unwrap(), b"hi", "{uri}");
        assert!(inputs.files[0].to_str().unwrap().ends_with(expected), "{uri}: {:?}", inputs.files);
    }
    let url_safe = decode(&json!({"file": "data:image/png;base64,-_-_"}), &Sources::remote()).unwrap().file.unwrap();
    assert_eq!(std::fs::read(url_safe).unwrap(), [0xfb, 0xff, 0xbf]);
    for data in ["a", "äöü", "aG*k", "=aGk"] {
        let uri = format!("data:image/png;base64,{data}");
        let error = decode(&json!({"file": uri, "stream": uri, "files": ["data:,", uri]}), &Sources::remote()).unwrap_err();
        let found: Vec<_> = error.fields.iter().map(|field| (field.path.as_str(), field.code())).collect();
        assert_eq!(found, ["file", "stream", "files/1"].map(|path| (path, "input.bad_data_uri")), "{data}");
    }
}

#[test]
fn user_information_is_sent_and_never_shown() {
    let server = server(|head, stream| match path(head) {
        "/open" if head.to_lowercase().contains("authorization: basic dxnlcjpzzwnyzxq=") => {
            send(stream, "HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\nok");
        }
        "/moved" => send(stream, "HTTP/1.1 302 Found\r\nlocation: http://user:secret@127.0.0.1:1/x\r\nconnection: close\r\n\r\n"),
        "/ftp" => send(stream, "HTTP/1.1 302 Found\r\nlocation: ftp://user:secret@127.0.0.1/x\r\nconnection: close\r\n\r\n"),
        "/broken" => send(stream, "HTTP/1.1 302 Found\r\nlocation: http://user:secret@[x/\r\nconnection: close\r\n\r\n"),
        "/cut" => send(stream, "HTTP/1.1 200 OK\r\ncontent-length: 9\r\nconnection: close\r\n\r\nok"),
        _ => send(stream, "HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"),
    });
    let host = server.strip_prefix("http://").unwrap();
    assert!(decode(&json!({"file": format!("http://user:secret@{host}/open")}), &Sources::remote()).is_ok());
    let urls = ["closed", "moved", "ftp", "broken", "cut"].map(|path| format!("http://user:secret@{host}/{path}?secret#secret"));
    let others = [
        "http://user:secret@127.0.0.1:1/x",
        "http://user:secret@127.0.0.1:99999/x",
        "http://user:sec/ret-secret@127.0.0.1/x",
        "http://user:secret@/x",
        "http://secret@127.0.0.1:1/x",
        "ftp://user:secret@127.0.0.1/x",
        "HTTP://user:secret@127.0.0.1/x",
        "http:user:secret@127.0.0.1/x",
    ];
    for url in urls.iter().map(String::as_str).chain(others) {
        for sources in [Sources::remote().public_urls_only(false), Sources::remote().public_urls_only(true)] {
            let error = fault(url, &sources);
            assert!(error.starts_with("file: ") && !error.contains("secret"), "{url}: {error}");
            let mut streamed = String::new();
            let decoded = decode(&json!({"stream": url}), &sources).map(|inputs| inputs.stream.unwrap().read_to_string(&mut streamed));
            let error = match decoded {
                Ok(read) => read.unwrap_err().to_string(),
                Err(error) => error.to_string(),
            };
            assert!(error.starts_with("stream: ") && !error.contains("secret"), "{url}: {error}");
        }
    }
    let long = format!("http://user:{}@{host}/closed", "secret".repeat(100));
    assert!(!fault(&long, &Sources::remote()).contains("secret"));
    assert!(!fault(&long.replace("http", "gopher"), &Sources::remote()).contains("secret"));
}

#[test]
fn a_server_that_misbehaves_ends_its_download_with_an_error() {
    let server = server(|head, stream| match path(head) {
        "/short" => send(stream, "HTTP/1.1 200 OK\r\ncontent-length: 9\r\nconnection: close\r\n\r\nhi"),
        "/short-chunk" => send(stream, "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\nconnection: close\r\n\r\n9\r\nhi"),
        "/nothing" => {}
        "/garbage" => send(stream, "hello there\r\n\r\n"),
        "/bad-gzip" => send(stream, "HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\nconnection: close\r\n\r\nnot gzip at all"),
        "/reset" => {
            send(stream, "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhi");
            thread::sleep(Duration::from_millis(50));
        }
        "/slow-head" => {
            for letter in "HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\nhi".chars() {
                send(stream, &letter.to_string());
                thread::sleep(Duration::from_millis(50));
            }
        }
        "/no-location" => send(stream, "HTTP/1.1 302 Found\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"),
        "/not-modified" => send(stream, "HTTP/1.1 304 Not Modified\r\nconnection: close\r\n\r\n"),
        "/file" => send(stream, "HTTP/1.1 301 Moved\r\nlocation: file:///etc/passwd\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"),
        "/data" => send(stream, "HTTP/1.1 307 Moved\r\nlocation: data:,hello\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"),
        _ => send(stream, "HTTP/1.1 500 Oh\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"),
    });
    let directory = tempfile::tempdir().unwrap();
    let sources = Sources::remote().directory(directory.path()).max_silence(Duration::from_millis(400));
    for (path, expected) in [
        ("short", "could not be downloaded: "),
        ("short-chunk", "could not be downloaded: "),
        ("nothing", "could not be downloaded: "),
        ("garbage", "could not be downloaded: "),
        ("bad-gzip", "could not be downloaded: "),
        ("reset", "could not be downloaded: "),
        ("slow-head", "the server said nothing for 400 ms; `--max-idle-time` or `COG_KIT_MAX_IDLE_TIME` raises the limit"),
        ("no-location", "the server answered 302 Found"),
        ("not-modified", "the server answered 304 Not Modified"),
        ("file", "it was redirected to a `file:` URL, expected http or https"),
        ("data", "it was redirected to a `data:` URL, expected http or https"),
        ("other", "the server answered 500 Internal Server Error"),
    ] {
        let start = Instant::now();
        let error = fault(&format!("{server}/{path}"), &sources);
        assert!(error.starts_with(&format!("file: {server}/{path} ")) && error.contains(expected), "{path}: {error}");
        assert!(start.elapsed() < Duration::from_secs(3), "{path}: {:?}", start.elapsed());
    }
    assert_eq!(std::fs::read_dir(directory.path()).unwrap().count(), 0, "half a file is no file");
}

#[test]
fn a_cancel_ends_every_download_at_once() {
    let server = server(|head, stream| match path(head) {
        "/slow" => {
            send(stream, "HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n");
            while stream.write_all(b"x").is_ok() {
                thread::sleep(Duration::from_secs(1));
            }
        }
        "/silent" => {
            send(stream, "HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\nx");
            thread::sleep(Duration::from_secs(30));
        }
        _ => thread::sleep(Duration::from_secs(30)),
    });
    let url = |path: &str| format!("{server}/{path}");
    let directory = tempfile::tempdir().unwrap();
    for request in [
        json!({"file": url("slow")}),
        json!({"file": url("silent")}),
        json!({"file": url("headless")}),
        json!({"files": vec![url("slow"); 20]}),
        json!({"file": url("slow"), "files": [url("silent"), "data:,x", url("headless")]}),
    ] {
        let canceled = Arc::new(AtomicBool::new(false));
        let asked = Arc::clone(&canceled);
        let sources = Sources::remote().directory(directory.path()).cancel_when(move || asked.load(Ordering::Relaxed));
        let canceling = thread::spawn(move || {
            thread::sleep(Duration::from_millis(300));
            canceled.store(true, Ordering::Relaxed);
            Instant::now()
        });
        let error = decode(&request, &sources).unwrap_err();
        let late = canceling.join().unwrap().elapsed();
        assert!(late < Duration::from_millis(500), "{request}: {late:?}");
        assert!(error.fields.iter().all(|field| field.code() == "input.canceled"), "{error}");
        assert_eq!(std::fs::read_dir(directory.path()).unwrap().count(), 0, "{request}");
    }
    // A file that is read as it arrives ends too.
    let start = Instant::now();
    let sources = Sources::remote().cancel_when(move || start.elapsed() > Duration::from_millis(300));
    let error = decode(&json!({"stream": url("slow")}), &sources).unwrap().stream.unwrap().read_to_end(&mut Vec::new()).unwrap_err();
    assert!(start.elapsed() < Duration::from_secs(1) && error.to_string().contains("the prediction was canceled"), "{error}");
}

#[test]
fn decompressed_bytes_are_held_against_the_limit() {
    let server = server(|_, stream| {
        let (header, rest) = endless_zeros();
        send(stream, "HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\nconnection: close\r\n\r\n");
        let _ = stream.write_all(&header);
        while stream.write_all(&rest.repeat(100)).is_ok() {}
    });
    let directory = tempfile::tempdir().unwrap();
    let sources = Sources::remote().directory(directory.path()).max_bytes(1 << 20);
    let error = fault(&format!("{server}/bomb"), &sources);
    assert_eq!(
        error,
        "file: found a file of more than 1048576 bytes, expected at most 1048576 bytes; `--max-file-bytes` or `COG_KIT_MAX_FILE_BYTES` raises the limit"
    );
    assert_eq!(std::fs::read_dir(directory.path()).unwrap().count(), 0);
}

#[test]
fn the_files_of_a_request_share_one_limit() {
    let server = server(|head, stream| {
        let length = if path(head) == "/said" { "content-length: 40000\r\n" } else { "" };
        send(stream, &format!("HTTP/1.1 200 OK\r\n{length}connection: close\r\n\r\n{}", "x".repeat(40_000)));
    });
    let sources = Sources::remote().max_bytes(50_000).max_request_bytes(100_000);
    let told = "found files of more than 100000 bytes in this request, expected at most 100000 bytes together; \
                `--max-request-bytes` or `COG_KIT_MAX_REQUEST_BYTES` raises the limit";
    let data = format!("data:,{}", "x".repeat(40_000));
    for one in [format!("{server}/said"), format!("{server}/unsaid"), data] {
        assert!(decode(&json!({"files": [one, one]}), &sources).is_ok(), "each request has its own");
        let error = decode(&json!({"file": one, "files": [one, one]}), &sources).unwrap_err();
        assert!(error.fields.iter().all(|field| field.fault.to_string() == told), "{error}");
        let error = decode(&json!({"files": vec![one.as_str(); 20]}), &sources).unwrap_err();
        assert!(error.fields.len() >= 17, "{} of 20 refused", error.fields.len());
    }
    // What is read later counts as well.
    let url = format!("{server}/unsaid");
    let inputs = decode(&json!({"files": [url, url], "stream": url}), &sources).unwrap();
    let error = inputs.stream.unwrap().read_to_end(&mut Vec::new()).unwrap_err();
    assert!(error.to_string().ends_with(told), "{error}");
}

#[test]
fn all_files_of_a_request_share_one_time() {
    let server = server(|_, stream| {
        thread::sleep(Duration::from_millis(150));
        send(stream, "HTTP/1.1 200 OK\r\ncontent-length: 1\r\nconnection: close\r\n\r\nx");
    });
    let sources = Sources::remote().max_time(Duration::from_millis(1000));
    let request = json!({"files": vec![format!("{server}/a"); 200]});
    let start = Instant::now();
    let error = decode(&request, &sources).unwrap_err();
    assert!(start.elapsed() < Duration::from_millis(2500), "{:?}", start.elapsed());
    assert!(error.to_string().ends_with("it took longer than 1 s; `--max-download-time` or `COG_KIT_MAX_DOWNLOAD_TIME` raises the limit"));
}

#[test]
fn redirects_are_held_to_their_limit() {
    let server = server(|head, stream| {
        let left: u32 = path(head).trim_start_matches('/').parse().unwrap();
        match left.checked_sub(1) {
            Some(next) => {
                send(stream, &format!("HTTP/1.1 303 Other\r\nlocation: {next}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"))
            }
            None => send(stream, "HTTP/1.1 200 OK\r\ncontent-length: 1\r\nconnection: close\r\n\r\nx"),
        }
    });
    let mut limits = InputLimits::default();
    for most in [0, 1, 10] {
        limits.max_redirects = most;
        let sources = Sources::remote().limits(limits);
        assert!(decode(&json!({"file": format!("{server}/{most}")}), &sources).is_ok(), "{most}");
        let error = fault(&format!("{server}/{}", most + 1), &sources);
        let expected = format!("it was redirected more than {most} times; `--max-redirects` or `COG_KIT_MAX_REDIRECTS` raises the limit");
        assert!(error.ends_with(&expected), "{error}");
    }
}
