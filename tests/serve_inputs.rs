//! What a server does with inputs, contexts and outputs that are unusual.

mod support;

use std::{
    io::{Read, Write},
    net::TcpListener,
    os::unix::net::UnixListener,
    path::Path,
    process::Command,
    thread,
    time::{Duration, Instant},
};

use cog_kit::input::InputLimits;
use serde_json::{Value, json};
use support::{Server, answer, from_data_uri, program, run};

fn logs(server: &Server, input: Value) -> String {
    let (status, body) = server.predict(input);
    assert_eq!((status, body["status"].as_str()), (200, Some("succeeded")), "{body}");
    body["logs"].as_str().unwrap().to_owned()
}

/// A server that sends a byte a second once it has the request.
fn slow_server() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for mut stream in listener.incoming().map_while(Result::ok) {
            thread::spawn(move || {
                let _ = stream.read(&mut [0; 4096]);
                let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n");
                while stream.write_all(b"x").is_ok() {
                    thread::sleep(Duration::from_secs(1));
                }
            });
        }
    });
    format!("http://{address}/slow.bin")
}

#[test]
fn the_engine_refuses_an_explicit_null_as_the_reference_says() {
    let server = Server::start("context", &[]);
    for name in ["note", "seed"] {
        let (status, body) = server.predict(json!({name: null}));
        assert_eq!((status, &body["detail"][0]["loc"]), (422, &json!(["body", "input", name])), "{body}");
        assert!(body["detail"][0]["msg"].as_str().unwrap().starts_with("null is not of type "), "{body}");
    }
    assert!(logs(&server, json!({})).contains("note None, files []"));
    let reference = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("macros/attributes.md")).unwrap();
    assert!(reference.contains("over HTTP the engine refuses an explicit `null`"));
    // The command line decodes by itself, and takes it like an input that is absent.
    let output = run("context", &["predict", "--json", r#"{"note": null, "seed": null}"#], &std::env::temp_dir());
    assert!(output.status.success(), "{output:?}");
}

#[test]
fn an_input_that_is_no_object_is_refused() {
    let server = Server::start("context", &[]);
    for input in [json!([]), json!([1]), json!("x"), json!(1), json!(true)] {
        let (status, body) = server.request(&json!({"input": input}));
        let said = match status {
            422 => body["detail"].to_string(),
            _ => body["error"].to_string(),
        };
        assert!(said.contains("object") && body["status"] != "succeeded", "{input}: {status} {body}");
    }
}

#[test]
fn a_cancel_frees_the_slot_while_an_input_downloads() {
    let server = Server::start("context", &[]);
    let url = slow_server();
    let start = Instant::now();
    let (status, body) = server.put_and_cancel("slow", json!({"files": [url, url]}));
    assert_eq!((status, body["status"].as_str()), (200, Some("canceled")), "{body}");
    assert!(logs(&server, json!({})).contains("files []"));
    assert!(start.elapsed() < Duration::from_secs(3), "{:?}", start.elapsed());
}

#[test]
fn a_stream_logs_measures_and_makes_files_through_a_clone_of_its_context() {
    let server = Server::start("context", &[]);
    let (_, body) = server.predict(json!({"act": "stream"}));
    assert_eq!(body["metrics"]["items"], 3, "{body}");
    assert!(body["logs"].as_str().unwrap().ends_with("item 0\nitem 1\nitem 2\n"), "{body}");
    assert_eq!(from_data_uri(body["output"][2].as_str().unwrap()).1, b"2");
}

/// A server whose log goes into a file.
fn server_with_log(log: &Path, slots: &str) -> Server {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let child = Command::new(program("context"))
        .args(["serve", "--host", "127.0.0.1", "--port", &port.to_string()])
        .envs([("COG_LOG_LEVEL", "info"), ("COG_MAX_CONCURRENCY", slots)])
        .stderr(std::fs::File::create(log).unwrap())
        .spawn()
        .unwrap();
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = reqwest::blocking::Client::builder().timeout(Duration::from_secs(60)).build().unwrap();
    let server = Server { child, url: format!("http://127.0.0.1:{port}"), client };
    server.wait_while("");
    server.wait_while("STARTING");
    server
}

#[test]
fn a_clone_that_outlives_its_prediction_holds_up_nothing() {
    for slots in ["1", "2"] {
        let folder = tempfile::tempdir().unwrap();
        let log = folder.path().join("log");
        let server = server_with_log(&log, slots);
        let start = Instant::now();
        logs(&server, json!({"act": "leave a thread"}));
        assert!(!logs(&server, json!({})).contains("too late"));
        let (_, body) = server.predict(json!({"act": "look back"}));
        assert!(body["logs"].as_str().unwrap().contains("as documented: true"), "{body}");
        assert!(!body["logs"].as_str().unwrap().contains("too late") && body["metrics"].get("late").is_none(), "{body}");
        assert!(start.elapsed() < Duration::from_secs(10), "{:?}", start.elapsed());
        // The server writes its log in its own time.
        let logged = || std::fs::read_to_string(&log).unwrap();
        while !logged().contains("metric `late` was dropped") {
            assert!(start.elapsed() < Duration::from_secs(20), "{}", logged());
            thread::sleep(Duration::from_millis(10));
        }
        assert!(logged().contains("said too late"), "{}", logged());
    }
}

#[test]
fn a_metric_that_is_too_large_is_an_error_and_the_output_arrives() {
    let server = Server::start("context", &[]);
    let (_, body) = server.predict(json!({"act": "large metrics"}));
    let said = "metric `x`: found a value of 9000002 bytes as JSON, expected at most 1048576 bytes";
    assert!(body["logs"].as_str().unwrap().contains(said), "{}", body["logs"]);
    assert_eq!(from_data_uri(body["output"][0].as_str().unwrap()).1, b"delivered");
    assert_eq!(body["metrics"]["y"].as_str().unwrap().len(), 1_000_000);
    assert!(body["metrics"].get("x").is_none());
}

#[test]
fn an_output_that_is_no_file_is_told_by_what_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let place = |name: &str| folder.path().join(name);
    assert!(Command::new("mkfifo").arg(place("pipe")).status().unwrap().success());
    let _socket = UnixListener::bind(place("socket")).unwrap();
    std::os::unix::fs::symlink("/nowhere/at/all", place("dangling")).unwrap();
    std::os::unix::fs::symlink(place("loop"), place("loop")).unwrap();
    std::os::unix::fs::symlink(folder.path(), place("link")).unwrap();
    std::fs::write(place("secret"), "x").unwrap();
    std::fs::set_permissions(place("secret"), std::os::unix::fs::PermissionsExt::from_mode(0o000)).unwrap();
    let server = Server::start("context", &[]);
    let is_private = std::fs::File::open(place("secret")).is_err();
    for (path, expected) in [
        (folder.path().to_owned(), "could not be read: it is a folder, expected a regular file"),
        (place("link"), "could not be read: it is a folder, expected a regular file"),
        ("/dev/null".into(), "could not be read: it is a device, expected a regular file"),
        (place("pipe"), "could not be read: it is a named pipe, expected a regular file"),
        (place("socket"), "could not be read: it is a socket, expected a regular file"),
        (place("dangling"), "is a symbolic link to a file that does not exist"),
        (place("loop"), "could not be read: Too many levels of symbolic links (os error 40)"),
        ("/dev/null/x".into(), "could not be read: Not a directory (os error 20)"),
        (place("absent"), "does not exist"),
        (place("secret"), "could not be read: Permission denied (os error 13)"),
    ] {
        if path.ends_with("secret") && !is_private {
            eprintln!("skipped: this user may read every file");
            continue;
        }
        let expected = format!("output file `{}` {expected}", path.display());
        assert_eq!(server.failure(json!({"act": "deliver", "place": path})), expected);
        let output = run("context", &["predict", "-i", "act=deliver", "-i", &format!("place={}", path.display())], folder.path());
        assert_eq!(String::from_utf8_lossy(&output.stderr).lines().last(), Some(format!("error: {expected}").as_str()));
    }
}

#[test]
fn limits_hold_by_flag_and_by_variable_and_errors_name_both() {
    let files = json!({"files": [format!("data:,{}", "x".repeat(2000))]});
    let told = "expected at most 1024 bytes; `--max-file-bytes` or `COG_KIT_MAX_FILE_BYTES` raises the limit";
    let by_flag = Server::start_with("context", &["--max-file-bytes", "1KiB"], &[("COG_KIT_MAX_FILE_BYTES", "1MiB")]);
    assert!(by_flag.failure(files.clone()).ends_with(told));
    let by_variable = Server::start("context", &[("COG_KIT_MAX_FILE_BYTES", "1024")]);
    assert!(by_variable.failure(files.clone()).ends_with(told));
    let raised = Server::start_with("context", &["--max-file-bytes=3kB"], &[("COG_KIT_MAX_FILE_BYTES", "1024")]);
    assert!(logs(&raised, files.clone()).contains("files [2000]"));

    let request = files.to_string();
    let command = |flags: &[&str], variables: &[(&str, &str)]| {
        let output = Command::new(program("context")).args(flags).envs(variables.iter().copied()).output().unwrap();
        (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    let (code, said) = command(&["predict", "--json", &request, "--max-file-bytes", "1KiB"], &[]);
    assert!(code == Some(2) && said.contains(told), "{said}");
    for arguments in [&["serve", "--port", "1"][..], &["predict"]] {
        let (code, said) = command(arguments, &[("COG_KIT_MAX_FILE_BYTES", "lots")]);
        assert_eq!(
            (code, said.starts_with("error: COG_KIT_MAX_FILE_BYTES: found `lots`, expected a number of bytes")),
            (Some(2), true),
            "{said}"
        );
    }
    let (code, said) = command(&["serve", "--max-redirects", "many"], &[]);
    assert!(code == Some(2) && said.contains("--max-redirects <COUNT>") && said.contains("expected a whole number"), "{said}");
}

/// The table of docs/configuration.md, and the help, say what the code does.
#[test]
fn every_limit_stands_in_the_documentation_and_in_the_help() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/configuration.md");
    let (begin, end) = ("<!-- limits: written by `COG_KIT_BLESS=1 cargo test --test serve_inputs` -->\n", "<!-- end of limits -->");
    let text = std::fs::read_to_string(&path).unwrap();
    let (before, rest) = text.split_once(begin).unwrap();
    let (table, after) = rest.split_once(end).unwrap();
    let mut expected = "| flag | variable | default | what is limited |\n| --- | --- | --- | --- |\n".to_owned();
    for limit in InputLimits::TABLE {
        expected += &format!("| `--{}` | `{}` | {} | {} |\n", limit.flag(), limit.variable(), limit.default_text(), limit.help());
    }
    if std::env::var_os("COG_KIT_BLESS").is_some() {
        std::fs::write(&path, format!("{before}{begin}{expected}{end}{after}")).unwrap();
    } else {
        assert_eq!(table, expected, "COG_KIT_BLESS=1 writes it anew");
    }
    let help = run("context", &["serve", "--help"], &std::env::temp_dir());
    let words = String::from_utf8_lossy(&help.stdout).into_owned();
    for flag in words.split_whitespace().filter(|word| word.starts_with("--")).map(|word| word.trim_end_matches([',', '.', ':'])) {
        assert!(flag == "--help" || before.contains(flag) || expected.contains(flag), "{flag} is not in docs/configuration.md");
    }
    for command in ["serve", "predict"] {
        let help = run("context", &[command, "--help"], &std::env::temp_dir());
        let help = String::from_utf8_lossy(&help.stdout).into_owned();
        for limit in InputLimits::TABLE {
            for wanted in [format!("--{}", limit.flag()), limit.variable(), limit.default_text()] {
                assert!(help.contains(&wanted), "{command}: {wanted}");
            }
        }
    }
}

#[test]
fn a_request_without_an_input_is_one_with_no_fields() {
    // The engine puts `{}` in its place before anything of ours is asked: docs/upstream.md.
    let server = Server::start("context", &[]);
    for body in [json!({}), json!({"input": null})] {
        let (status, body) = answer(server.client.post(format!("{}/predictions", server.url)).json(&body).send().unwrap());
        assert_eq!((status, body["status"].as_str()), (200, Some("succeeded")), "{body}");
        server.wait_while("BUSY");
    }
}
