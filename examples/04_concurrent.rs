//! Predictions that wait for something else, many at a time: each is a future.
//!
//! ```text
//! COG_MAX_CONCURRENCY=16 cargo run --example 04_concurrent -- serve
//! ```

use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use cog_kit::{AsyncPredictor, Context, Input, Result, serve::Async};

#[derive(Input)]
struct Inputs {
    /// How long to wait, in milliseconds. From 100 to 1000 it is seen best that many wait at the same time.
    #[input(default = 100, ge = 0, le = 60_000)]
    milliseconds: u64,
}

#[derive(Default)]
struct Waiter {
    running: AtomicU64,
}

impl AsyncPredictor for Waiter {
    type Input = Inputs;
    type Output = String;

    async fn setup() -> Result<Self> {
        Ok(Waiter::default())
    }

    async fn predict(&self, input: Inputs, ctx: &Context) -> Result<String> {
        let running = self.running.fetch_add(1, Ordering::Relaxed) + 1;
        ctx.metric("running").set(running)?;
        tokio::time::sleep(Duration::from_millis(input.milliseconds)).await;
        self.running.fetch_sub(1, Ordering::Relaxed);
        Ok(format!("waited {} ms", input.milliseconds))
    }
}

fn main() -> std::process::ExitCode {
    cog_kit::main::<Async<Waiter>>()
}
