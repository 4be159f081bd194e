//! Files that a request names by URL.
#![cfg(feature = "input")]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;
use std::time::{Duration, Instant};

use cog_kit::input::{InputError, Sources};
use cog_kit::{File, Input, Path};
use serde_json::{Value, json};

#[expect(dead_code, reason = "some of it is only decoded")]
#[derive(Input, Debug)]
struct Inputs {
    /// A file.
    #[input(default = None)]
    file: Option<Path>,
    /// Another file.
    #[input(default = None)]
    other: Option<Path>,
    /// Read as it arrives.
    #[input(default = None)]
    stream: Option<File>,
    /// Several files.
    #[input(default = [])]
    files: Vec<Path>,
}

/// Answers one request by its path.
fn answer(mut stream: TcpStream) {
    let (mut path, mut agent) = (String::new(), String::new());
    for line in BufReader::new(stream.try_clone().unwrap()).lines().map_while(Result::ok).take_while(|line| !line.is_empty()) {
        if let Some(rest) = line.strip_prefix("GET ") {
            path = rest.split(' ').next().unwrap().to_owned();
        }
        if let Some(rest) = line.to_lowercase().strip_prefix("user-agent: ") {
            agent = rest.to_owned();
        }
    }
    let whole = |body: &str| format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}", body.len()).into_bytes();
    let bytes = match path.split('?').next().unwrap() {
        "/moved" => b"HTTP/1.1 302 Found\r\nlocation: /photo.jpg\r\ncontent-length: 0\r\nconnection: close\r\n\r\n".to_vec(),
        "/circle" => b"HTTP/1.1 302 Found\r\nlocation: /circle\r\ncontent-length: 0\r\nconnection: close\r\n\r\n".to_vec(),
        "/lost" => b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\nconnection: close\r\n\r\n".to_vec(),
        "/huge" => b"HTTP/1.1 200 OK\r\ncontent-length: 99999999999\r\nconnection: close\r\n\r\n".to_vec(),
        "/endless" => {
            let head = stream.write_all(b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n");
            while head.is_ok() && stream.write_all(&[b'x'; 4096]).is_ok() {}
            return;
        }
        "/silent" => {
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nab");
            thread::sleep(Duration::from_secs(3));
            return;
        }
        "/slow" => {
            thread::sleep(Duration::from_millis(300));
            whole("slow")
        }
        "/agent" => whole(&agent),
        // `hello`, gzipped.
        "/gzip" => {
            let body = [31, 139, 8, 0, 0, 0, 0, 0, 2, 255, 203, 72, 205, 201, 201, 7, 0, 134, 166, 16, 54, 5, 0, 0, 0];
            let head = format!("HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: {}\r\nconnection: close\r\n\r\n", body.len());
            [head.as_bytes(), &body].concat()
        }
        _ => whole("hello"),
    };
    let _ = stream.write_all(&bytes);
}

/// A server for one test, and its address.
fn server() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            thread::spawn(move || answer(stream));
        }
    });
    format!("http://{address}")
}

fn decode(request: &Value, sources: &Sources) -> Result<Inputs, InputError> {
    Inputs::decode(request.as_object().unwrap(), sources)
}

#[test]
fn a_url_becomes_a_file_of_its_name() {
    let server = server();
    for (path, name) in [("/a/my%20photo.jpg?sig=1", "my photo.jpg"), ("/moved", "photo.jpg"), ("/gzip", "gzip"), ("/", "")] {
        let inputs = decode(&json!({"file": format!("{server}{path}")}), &Sources::remote()).unwrap();
        let file = inputs.file.as_ref().unwrap();
        assert!(file.file_name().unwrap().to_str().unwrap().ends_with(name), "{file:?}");
        assert_eq!(std::fs::read_to_string(file).unwrap(), "hello", "{path}");
        let place = file.to_path_buf();
        drop(inputs);
        assert!(!place.exists());
    }
}

#[test]
fn a_download_that_fails_says_which_and_why_and_never_shows_the_query() {
    let server = server();
    let sources = Sources::remote().max_bytes(100_000).max_silence(Duration::from_millis(500));
    let cases = [
        ("/lost?token=hunter2", "could not be downloaded: the server answered 404 Not Found"),
        ("/circle", "could not be downloaded: it was redirected more than 10 times"),
        ("/silent", "could not be downloaded: the server said nothing for 500 ms"),
        ("/huge", "found a file of more than 100000 bytes, expected at most 100000 bytes"),
        ("/endless", "found a file of more than 100000 bytes, expected at most 100000 bytes"),
    ];
    for (path, expected) in cases {
        let error = decode(&json!({"file": format!("{server}{path}")}), &sources).unwrap_err().to_string();
        assert!(error.starts_with("file: ") && error.contains(expected), "{path}: {error}");
        assert!(!error.contains("hunter2"));
    }
    let error = decode(&json!({"file": "http://127.0.0.1:1/x"}), &sources).unwrap_err().to_string();
    assert_eq!(error, "file: http://127.0.0.1:1/x could not be downloaded: Connection refused (os error 111)");
    let limits = Sources::remote().max_time(Duration::ZERO);
    let error = decode(&json!({"file": format!("{server}/slow")}), &limits).unwrap_err().to_string();
    assert!(error.contains("it took longer than 0 ms; "), "{error}");
}

#[test]
fn downloads_run_side_by_side_and_errors_keep_the_order_of_the_inputs() {
    let server = server();
    let start = Instant::now();
    let slow = format!("{server}/slow");
    let request = json!({"file": slow, "other": slow, "files": vec![slow.as_str(); 8]});
    let inputs = decode(&request, &Sources::remote()).unwrap();
    assert_eq!(inputs.files.len(), 8);
    assert!(start.elapsed() < Duration::from_millis(1500), "{:?} for ten downloads of 300 ms", start.elapsed());
    let request = json!({"file": format!("{server}/lost"), "other": "nothing", "files": [slow, format!("{server}/lost"), "nothing"]});
    let error = decode(&request, &Sources::remote()).unwrap_err();
    let paths: Vec<_> = error.fields.iter().map(|field| field.path.as_str()).collect();
    assert_eq!(paths, ["file", "other", "files/1", "files/2"]);
}

#[test]
fn a_stream_is_opened_when_it_is_read() {
    let server = server();
    let text = |url: String| {
        let mut stream = decode(&json!({"stream": url}), &Sources::remote()).unwrap().stream.unwrap();
        let mut text = String::new();
        stream.read_to_string(&mut text).map(|_| text)
    };
    assert_eq!(text(format!("{server}/photo.jpg")).unwrap(), "hello");
    let sources = Sources::remote().user_agent("a-model/1.0");
    let mut stream = decode(&json!({"stream": format!("{server}/agent")}), &sources).unwrap().stream.unwrap();
    assert_eq!(std::io::read_to_string(&mut stream).unwrap(), "a-model/1.0");
    assert_eq!(text("data:,hello".into()).unwrap(), "hello");
    let error = text(format!("{server}/lost")).unwrap_err().to_string();
    assert!(error.starts_with("stream: ") && error.ends_with("the server answered 404 Not Found"), "{error}");
    assert!(decode(&json!({"stream": "/etc/passwd"}), &Sources::remote()).is_err());
}

#[test]
fn inner_addresses_are_refused_when_asked_to() {
    let sources = Sources::remote().public_urls_only(true);
    let cases = [
        ("127.0.0.1", "loopback", "127.0.0.1"),
        ("127.1", "loopback", "127.0.0.1"),
        ("2130706433", "loopback", "127.0.0.1"),
        ("0x7f.0.0.1.", "loopback", "127.0.0.1"),
        ("user:word@10.0.0.1", "private", "10.0.0.1"),
        ("172.16.0.1", "private", "172.16.0.1"),
        ("192.168.0.1", "private", "192.168.0.1"),
        ("169.254.169.254", "link-local", "169.254.169.254"),
        ("0.0.0.0", "unspecified", "0.0.0.0"),
        ("224.0.0.1", "multicast", "224.0.0.1"),
        ("100.64.0.1", "carrier-grade NAT", "100.64.0.1"),
        ("255.255.255.255", "reserved", "255.255.255.255"),
        ("[::1]", "loopback", "::1"),
        ("[::]", "unspecified", "::"),
        ("[fe80::1]", "link-local", "fe80::1"),
        ("[fd00::1]", "unique-local", "fd00::1"),
        ("[ff02::1]", "multicast", "ff02::1"),
        ("[::ffff:192.168.0.1]", "private", "::ffff:192.168.0.1"),
        ("[64:ff9b::7f00:1]", "loopback", "64:ff9b::7f00:1"),
        ("[2002:a00:1::]", "private", "2002:a00:1::"),
    ];
    for (host, kind, address) in cases {
        let url = format!("http://{host}:1/x?token=hunter2");
        let error = decode(&json!({"file": url}), &sources).unwrap_err();
        assert_eq!(error.fields[0].code(), "input.not_public", "{error}");
        let text = error.to_string();
        let host = host.trim_start_matches("user:word@");
        let found = format!("found the {kind} address {address} for the host `");
        assert!(text.starts_with(&format!("file: http://{host}:1/x was not downloaded: {found}")), "{text}");
        assert!(text.ends_with("`, expected a public address") && !text.contains("hunter2"), "{text}");
    }
}

#[test]
fn a_name_of_an_inner_address_is_refused_in_every_kind_of_file() {
    let server = server().replace("127.0.0.1", "localhost");
    let url = format!("{server}/a");
    let open = Sources::remote().public_urls_only(false);
    assert!(decode(&json!({"file": url, "files": [url]}), &open).is_ok());
    // Nor does a connection from before help.
    let closed = open.public_urls_only(true);
    let error = decode(&json!({"file": url, "files": ["data:,a", url]}), &closed).unwrap_err();
    let paths: Vec<_> = error.fields.iter().map(|field| (field.path.as_str(), field.code())).collect();
    assert_eq!(paths, [("file", "input.not_public"), ("files/1", "input.not_public")]);
    let text = error.fields[0].to_string();
    let said = ["127.0.0.1", "::1"]
        .map(|address| format!("found the loopback address {address} for the host `localhost`, expected a public address"));
    assert!(text.starts_with(&format!("file: {url} was not downloaded: ")) && said.iter().any(|said| text.ends_with(said)), "{text}");
    let mut stream = decode(&json!({"stream": url}), &closed).unwrap().stream.unwrap();
    let error = std::io::read_to_string(&mut stream).unwrap_err().to_string();
    assert!(error.starts_with("stream: ") && error.contains("`localhost`"), "{error}");
}
