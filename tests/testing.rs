//! `cog_kit::testing`: an author's own tests of `predict`, as they would be written.

use std::{thread, time::Duration};

use cog_kit::{ConcatenateStream, Context, Input, Path, Predictor, Result, Stream, predictor::Canceled, testing::TestContext};
use serde_json::json;

#[derive(Input)]
struct Inputs {
    /// How many words.
    #[input(default = 5, ge = 1, le = 100)]
    words: u32,
}

struct Writer;

impl Predictor for Writer {
    type Input = Inputs;
    type Output = ConcatenateStream;

    const STREAMING: bool = true;

    fn setup() -> Result<Self> {
        Ok(Writer)
    }

    fn predict(&self, input: Inputs, ctx: &Context) -> Result<ConcatenateStream> {
        let ctx = ctx.clone();
        Ok(ConcatenateStream::fallible((0..input.words).map(move |word| {
            ctx.check_canceled()?;
            ctx.metric("tokens").increment(1)?;
            ctx.log(format_args!("word {word}"));
            Ok(format!("w{word} "))
        })))
    }
}

#[test]
fn a_stream_is_run_and_shows_its_output_logs_and_metrics() {
    let test = TestContext::new();
    let output = Writer.predict(Inputs { words: 2 }, test.context()).unwrap();
    assert_eq!((test.logs(), test.metrics()), (String::new(), json!({})), "a stream runs when it is read");
    assert_eq!(test.output(output).unwrap(), json!(["w0 ", "w1 "]));
    assert_eq!((test.logs().as_str(), test.metrics()), ("word 0\nword 1\n", json!({"tokens": 2})));
}

#[test]
fn a_canceled_stream_ends_with_the_cancel() {
    let test = TestContext::new();
    let output = Writer.predict(Inputs { words: 2 }, test.context()).unwrap();
    test.cancel();
    assert!(test.output(output).unwrap_err().is::<Canceled>());
}

#[test]
fn metrics_are_shown_as_a_client_finds_them() {
    let test = TestContext::with_request("p1", [("tier", "free")]);
    let ctx = test.context();
    assert_eq!((ctx.id(), ctx.value("tier"), ctx.value("x")), ("p1", Some("free"), None));
    ctx.metric("n").increment(1).unwrap();
    ctx.metric("n").increment(2).unwrap();
    ctx.metric("time.encode").set(0.5).unwrap();
    ctx.metric("time.decode").set(0.25).unwrap();
    ctx.metric("scores").append(1).unwrap();
    ctx.metric("scores").append(2).unwrap();
    ctx.metric("gone").set("x").unwrap();
    ctx.metric("gone").delete().unwrap();
    let error = ctx.metric("n").set("text").unwrap_err();
    assert!(error.to_string().starts_with("metric `n`: found text, expected an integer"), "{error}");
    assert_eq!(test.metrics(), json!({"n": 3, "time": {"encode": 0.5, "decode": 0.25}, "scores": [1, 2]}));
}

#[test]
fn a_context_goes_onto_threads_and_into_tasks() {
    fn owned<T: Clone + Send + Sync + 'static>(_: &T) {}
    let test = TestContext::new();
    owned(test.context());
    let handles: Vec<_> = (0..4)
        .map(|_| {
            let ctx = test.context().clone();
            thread::spawn(move || ctx.metric("n").increment(1).unwrap())
        })
        .collect();
    handles.into_iter().for_each(|handle| handle.join().unwrap());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    let ctx = test.context().clone();
    runtime.block_on(async {
        let task = tokio::spawn(async move {
            tokio::time::sleep(Duration::from_millis(1)).await;
            ctx.log("from a task");
        });
        task.await.unwrap();
    });
    assert_eq!((test.metrics(), test.logs().as_str()), (json!({"n": 4}), "from a task\n"));
}

#[test]
fn a_clone_that_outlives_its_prediction_is_canceled_and_logs_to_the_server() {
    let test = TestContext::new();
    let ctx = test.context().clone();
    let scratch = ctx.scratch().to_owned();
    std::fs::write(scratch.join("x"), "x").unwrap();
    test.end();
    assert!(ctx.is_canceled() && ctx.check_canceled().is_err() && !scratch.exists());
    ctx.log("late");
    ctx.metric("n").set(1).unwrap();
    assert_eq!((test.logs(), test.metrics()), (String::new(), json!({})));
    assert_eq!(test.server_log(), "late\nmetric `n` was dropped: prediction \"test\" has ended\n");
    // A scratch directory that nobody would remove is not made.
    let other = TestContext::new();
    other.end();
    assert!(std::fs::write(other.context().scratch().join("x"), "x").is_err());
}

#[test]
fn files_are_kept_until_the_test_has_read_them() {
    let test = TestContext::new();
    let file = |text: &str| {
        let path = Path::temporary(".txt").unwrap();
        std::fs::write(&path, text).unwrap();
        path
    };
    let output = test.output(Stream::new([file("a"), file("b")])).unwrap();
    assert_eq!(std::fs::read_to_string(output[1].as_str().unwrap()).unwrap(), "b");
    assert_eq!(test.output(7_u32).unwrap(), json!(7));
    assert_eq!(test.output(Vec::<u32>::new()).unwrap(), json!([]));
    assert_eq!(test.output(None::<String>).unwrap(), json!(null));
    let error = test.output(Path::from(std::env::temp_dir())).unwrap_err().to_string();
    assert!(error.ends_with("it is a folder, expected a regular file"), "{error}");
}
