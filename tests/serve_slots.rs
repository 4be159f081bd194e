//! Requests that take a slot and cannot run: the next prediction works, whatever they were.

mod support;

use std::{
    fs,
    path::Path,
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use serde_json::{Value, json};
use support::{Server, answer};

const ENGINE_FOLDER: &str = "/tmp/coglet/predictions";

fn start(slots: &str) -> Server {
    Server::start("strain", &[("COG_MAX_CONCURRENCY", slots)])
}

/// The next predictions work, as many at the same time as there are slots.
fn assert_all_slots_work(server: &Server, slots: usize) {
    assert_eq!(server.health(), "READY");
    let ids: Vec<String> = (0..slots).map(|number| format!("well-{}-{number}", server.child.id())).collect();
    for id in &ids {
        let request = server.client.put(format!("{}/predictions/{id}", server.url)).header("prefer", "respond-async");
        assert_eq!(request.json(&json!({"input": {"act": "wait"}})).send().unwrap().status(), 202, "{id}");
    }
    assert_eq!(server.get("/health-check")["status"], "BUSY");
    for id in &ids {
        assert_eq!(server.client.post(format!("{}/predictions/{id}/cancel", server.url)).send().unwrap().status(), 200, "{id}");
    }
    server.wait_while("BUSY");
    for _ in 0..slots {
        assert_succeeds(server, json!({"act": "hello"}));
    }
}

fn assert_succeeds(server: &Server, input: Value) {
    let (status, body) = server.predict(input);
    assert_eq!((status, &body["status"]), (200, &json!("succeeded")), "{body}");
}

#[test]
fn ids_that_name_no_folder_lose_no_slot() {
    let server = start("2");
    let letters = "a".repeat(300);
    let long = format!("{}/{}", "a".repeat(100), "b".repeat(300));
    let huge = "a".repeat(9 << 20);
    for id in ["a\0b", "/proc/x", "/dev/null/x", "\0", &letters, &long, "../../../proc/x", &huge, "é\0"] {
        for _ in 0..3 {
            let (status, body) = server.request(&json!({"id": id, "input": {"act": "hello"}}));
            assert_eq!((status, &body["status"]), (200, &json!("failed")), "{}", id.chars().take(20).collect::<String>());
        }
    }
    for path in [letters.as_str(), "a%00b", "%00", "%2Fproc%2Fx", "..%2f..%2f..%2fproc%2fx", "%C3%A9%00"] {
        for _ in 0..3 {
            let url = format!("{}/predictions/{path}", server.url);
            let (status, body) = loop {
                let found = answer(server.client.put(&url).json(&json!({"input": {"act": "hello"}})).send().unwrap());
                if found.0 != 409 {
                    break found;
                }
            };
            assert_eq!((status, &body["status"]), (200, &json!("failed")), "{path}: {body}");
        }
    }
    assert_all_slots_work(&server, 2);
}

#[test]
fn an_asynchronous_prediction_that_cannot_begin_loses_no_slot_and_says_why() {
    let (url, told) = support::store("200 OK");
    let server = start("1");
    for _ in 0..3 {
        let body = json!({"id": "/proc/x", "input": {"act": "hello"}, "webhook": url, "webhook_events_filter": ["completed"]});
        let request = server.client.post(format!("{}/predictions", server.url)).header("prefer", "respond-async").json(&body);
        assert_eq!(request.send().unwrap().status(), 202);
        server.wait_while("BUSY");
        let (_, content) = told.recv_timeout(Duration::from_secs(20)).unwrap();
        let content: Value = serde_json::from_slice(&content).unwrap();
        assert_eq!(content["status"], "failed");
        assert!(content["error"].as_str().unwrap().starts_with("the prediction's folder could not be made: "), "{content}");
    }
    assert_all_slots_work(&server, 1);
}

#[test]
fn ids_of_many_scripts_and_forms_work() {
    let server = start("1");
    for id in ["é", "プレディクション", "a b", "a%b", "a/b/c", "./dots/.", "a\nb", "'\"$(x)", &"a".repeat(255)] {
        let (status, body) = server.request(&json!({"id": id, "input": {"act": "hello"}}));
        assert_eq!((status, &body["status"], &body["id"]), (200, &json!("succeeded"), &json!(id)), "{body}");
    }
    assert_all_slots_work(&server, 1);
}

#[test]
fn a_context_that_fills_a_frame_loses_no_slot() {
    let server = start("2");
    for length in [9 << 20, (8 << 20) - 400, (8 << 20) - 200, (8 << 20) - 100] {
        for _ in 0..2 {
            let body = json!({"input": {"act": "hello"}, "context": {"token": "x".repeat(length)}});
            let (status, body) = server.request(&body);
            let found = body["status"].as_str();
            assert!(status == 200 && matches!(found, Some("failed" | "succeeded")), "{length}: {status} {found:?}");
            assert!(length < 9 << 20 || found == Some("failed"), "{length}");
        }
    }
    assert_all_slots_work(&server, 2);
}

#[test]
fn large_inputs_pass_and_leave_nothing() {
    let server = start("1");
    let id = format!("large-{}", server.child.id());
    for length in [5 << 20, 7 << 20, 20 << 20] {
        let (_, body) = server.request(&json!({"id": id, "input": {"act": "input", "text": "x".repeat(length)}}));
        assert_eq!(body["output"], json!([length]), "{}", body["error"]);
    }
    assert_vanishes(&Path::new(ENGINE_FOLDER).join(id));
}

fn assert_vanishes(folder: &Path) {
    let start = Instant::now();
    while folder.exists() {
        assert!(start.elapsed() < Duration::from_secs(10), "{} is left", folder.display());
        thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn a_request_that_finds_its_folder_taken_loses_no_slot() {
    let server = start("1");
    let id = format!("taken-{}", server.child.id());
    let folder = Path::new(ENGINE_FOLDER).join(&id);
    // A file where the folder would be is as good as a disk that takes no folder, also for root.
    fs::write(&folder, "x").unwrap();
    for _ in 0..3 {
        let (_, body) = server.request(&json!({"id": id, "input": {"act": "hello"}}));
        assert_eq!(body["status"], "failed", "{body}");
    }
    assert_eq!(fs::read_to_string(&folder).unwrap(), "x");
    fs::remove_file(&folder).unwrap();
    let (_, body) = server.request(&json!({"id": id, "input": {"act": "hello"}}));
    assert_eq!(body["status"], "succeeded", "{body}");
    assert_all_slots_work(&server, 1);
}

/// Runs a command where the server has mounted its disk.
fn inside(server: &Server, command: &str) {
    let process = server.child.id().to_string();
    let status = Command::new("nsenter").args(["-t", &process, "-m", "sh", "-c", command]).status().unwrap();
    assert!(status.success(), "{command}");
}

#[test]
fn a_disk_that_is_full_or_read_only_for_a_while_works_again() {
    fs::create_dir_all("/tmp/coglet").unwrap();
    let mount = "mount -t tmpfs -o size=64k tmpfs /tmp/coglet";
    if !Command::new("unshare").args(["-m", "sh", "-c", mount]).stderr(Stdio::null()).status().is_ok_and(|status| status.success()) {
        println!("skipped: only root can mount a disk");
        return;
    }
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let serve = format!("{mount}; exec '{}' serve --host 127.0.0.1 --port {port}", support::program("strain").display());
    let variables = [("COG_MAX_CONCURRENCY", "2"), ("COG_LOG_LEVEL", "error")];
    let server = Server::attach(Command::new("unshare").args(["-m", "sh", "-c", &serve]).envs(variables).spawn().unwrap(), port);
    server.wait_while("STARTING");
    assert_all_slots_work(&server, 2);
    for (spoil, restore) in [
        ("head -c 60000 /dev/zero >/tmp/coglet/ballast", "rm /tmp/coglet/ballast"),
        ("mount -o remount,ro /tmp/coglet", "mount -o remount,rw /tmp/coglet"),
    ] {
        inside(&server, spoil);
        for _ in 0..3 {
            let (_, body) = server.request(&json!({"input": {"act": "input", "text": "x".repeat(7 << 20)}}));
            assert_eq!(body["status"], "failed", "{spoil}: {body}");
        }
        inside(&server, restore);
        assert_all_slots_work(&server, 2);
    }
}

#[test]
fn an_id_used_again_at_once_keeps_its_folder() {
    let server = start("2");
    let id = format!("again-{}", server.child.id());
    let length = 8 << 20;
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                for _ in 0..15 {
                    let body = json!({"id": id, "input": {"act": "token", "count": length}});
                    let (status, body) = server.request(&body);
                    assert_eq!((status, &body["status"]), (200, &json!("succeeded")), "{}", body["error"]);
                    assert_eq!(body["output"][1].as_str().map(str::len), Some(length), "{}", body["output"][1]);
                }
            });
        }
        scope.spawn(|| {
            for _ in 0..15 {
                let body = json!({"id": format!("./{id}"), "input": {"act": "input", "text": "x".repeat(7 << 20)}});
                assert_eq!(server.request(&body).1["output"], json!([7 << 20]));
            }
        });
    });
    assert_vanishes(&Path::new(ENGINE_FOLDER).join(id));
    assert_all_slots_work(&server, 2);
}

#[test]
fn nothing_outside_of_the_engines_folder_is_removed() {
    let place = tempfile::tempdir().unwrap();
    let app = place.path().join("app");
    let folders = [app.join("inputs"), app.join("outputs"), app];
    folders.iter().for_each(|folder| fs::create_dir_all(folder).unwrap());
    let app = folders[2].to_str().unwrap();
    let server = start("1");
    for id in [app.to_owned(), format!("../../..{app}"), format!("{app}/.")] {
        for input in
            [json!({"act": "hello"}), json!({"act": "token", "count": 8 << 20}), json!({"act": "input", "text": "x".repeat(7 << 20)})]
        {
            let (_, body) = server.request(&json!({"id": id, "input": input}));
            assert_eq!(body["status"], "succeeded", "{}", body["error"]);
            server.wait_while("BUSY");
            thread::sleep(Duration::from_millis(20));
            assert!(folders.iter().all(|folder| folder.is_dir()), "{id}");
            // Nor does anything large stay behind.
            assert!(folders[..2].iter().all(|folder| fs::read_dir(folder).unwrap().count() == 0), "{id}");
        }
    }
}

#[test]
fn one_client_that_asks_again_at_once_finds_a_slot() {
    let server = start("1");
    let mut refused = 0;
    for number in 0..2000 {
        let act = ["hello", "error", "panic"][number % 3];
        let (status, _) =
            answer(server.client.post(format!("{}/predictions", server.url)).json(&json!({"input": {"act": act}})).send().unwrap());
        refused += u32::from(status == 409);
    }
    // The engine by itself refuses a third. On a machine with too much to do, its threads may stand still between an answer and the end of it.
    assert!(refused <= 20, "{refused} of 2000 were refused");
}

#[test]
fn a_slot_that_is_taken_is_refused_and_the_limit_holds() {
    let server = start("2");
    for id in ["one", "two"] {
        let request = server.client.put(format!("{}/predictions/{id}", server.url)).header("prefer", "respond-async");
        assert_eq!(request.json(&json!({"input": {"act": "wait"}})).send().unwrap().status(), 202);
    }
    for _ in 0..20 {
        let request = server.client.post(format!("{}/predictions", server.url)).json(&json!({"input": {"act": "hello"}}));
        assert_eq!(request.send().unwrap().status(), 409);
    }
    assert_eq!(server.get("/health-check")["status"], "BUSY");
}
