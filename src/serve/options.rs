//! How to serve: from the environment, then from flags.

use std::{env, io::IsTerminal, net::IpAddr, time::Duration};

use crate::input::{PUBLIC_URLS_VARIABLE, is_switched_on};

/// Says in seconds how long predictions may run on when the server is told to stop.
const SHUTDOWN_VARIABLE: &str = "COG_KIT_SHUTDOWN_TIMEOUT";

/// What holds without it. Container runtimes kill what has not ended after 10 s.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(5);

/// How log lines on stderr look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    Console,
    /// One JSON object a line, for collectors.
    Json,
}

/// How to serve a predictor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServeOptions {
    /// Address to listen on; all interfaces.
    pub host: IpAddr,
    /// Port to listen on; `PORT`, else 5000.
    pub port: u16,
    /// Predictions at the same time; `COG_MAX_CONCURRENCY`, else 1.
    pub concurrency: usize,
    /// Longest time that `setup` may take; `COG_SETUP_TIMEOUT` in seconds, else no limit.
    pub setup_timeout: Option<Duration>,
    /// Where output files are uploaded instead of being sent as data URIs.
    pub upload_url: Option<String>,
    /// Whether to ignore SIGTERM and wait for `POST /shutdown`.
    pub await_explicit_shutdown: bool,
    /// Time that predictions get to end by themselves when the server is told to stop; after it they are canceled. `COG_KIT_SHUTDOWN_TIMEOUT` in seconds,
    /// else 5.
    pub shutdown_timeout: Duration,
    /// Whether inputs are downloaded from [public addresses alone](crate::input::Sources::public_urls_only); `COG_KIT_PUBLIC_URLS_ONLY`, else no.
    pub public_urls_only: bool,
    /// `LOG_FORMAT=console` or `json`, else console on a terminal and JSON elsewhere.
    pub log_format: LogFormat,
    /// Lowest level that is logged: `COG_LOG_LEVEL`, else `info`.
    pub log_level: String,
}

impl ServeOptions {
    /// Options from the environment variables that Cog knows, and from our own; what cannot be read counts as absent, as it does in Cog.
    pub fn from_env() -> Self {
        Self::from_lookup(|name| env::var(name).ok(), std::io::stderr().is_terminal())
    }

    fn from_lookup(lookup: impl Fn(&str) -> Option<String>, terminal: bool) -> Self {
        let positive = |name| lookup(name).and_then(|text| text.trim().parse::<u64>().ok()).filter(|&number| number > 0);
        Self {
            host: IpAddr::from([0, 0, 0, 0]),
            port: lookup("PORT").and_then(|text| text.trim().parse().ok()).unwrap_or(5000),
            concurrency: positive("COG_MAX_CONCURRENCY").and_then(|number| usize::try_from(number).ok()).unwrap_or(1),
            setup_timeout: positive("COG_SETUP_TIMEOUT").map(Duration::from_secs),
            upload_url: None,
            await_explicit_shutdown: false,
            shutdown_timeout: lookup(SHUTDOWN_VARIABLE)
                .and_then(|text| text.trim().parse().ok())
                .map_or(SHUTDOWN_TIMEOUT, Duration::from_secs),
            public_urls_only: is_switched_on(lookup(PUBLIC_URLS_VARIABLE).as_deref()),
            log_format: match lookup("LOG_FORMAT").as_deref() {
                Some("console") => LogFormat::Console,
                None if terminal => LogFormat::Console,
                _ => LogFormat::Json,
            },
            log_level: match lookup("COG_LOG_LEVEL").as_deref() {
                Some("warning") => "warn".to_owned(),
                Some(level @ ("debug" | "info" | "warn" | "error")) => level.to_owned(),
                _ => "info".to_owned(),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options(variables: &[(&str, &str)]) -> ServeOptions {
        ServeOptions::from_lookup(|name| variables.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned()), false)
    }

    #[test]
    fn an_empty_environment_gives_cogs_defaults() {
        let found = options(&[]);
        assert_eq!((found.port, found.concurrency, found.setup_timeout), (5000, 1, None));
        assert_eq!((found.log_format, found.log_level.as_str()), (LogFormat::Json, "info"));
        assert!(!found.public_urls_only);
    }

    #[test]
    fn cogs_variables_are_read() {
        let found = options(&[
            ("PORT", "8393"),
            ("COG_MAX_CONCURRENCY", "4"),
            ("COG_SETUP_TIMEOUT", "30"),
            ("LOG_FORMAT", "console"),
            ("COG_LOG_LEVEL", "warning"),
        ]);
        assert_eq!((found.port, found.concurrency, found.setup_timeout), (8393, 4, Some(Duration::from_secs(30))));
        assert_eq!((found.log_format, found.log_level.as_str()), (LogFormat::Console, "warn"));
    }

    #[test]
    fn our_own_variables_are_read() {
        assert!(options(&[("COG_KIT_PUBLIC_URLS_ONLY", "1")]).public_urls_only);
        assert!(!options(&[("COG_KIT_PUBLIC_URLS_ONLY", "0")]).public_urls_only);
        for (text, seconds) in [("0", 0), ("60", 60), ("soon", 5), ("-1", 5)] {
            assert_eq!(options(&[("COG_KIT_SHUTDOWN_TIMEOUT", text)]).shutdown_timeout, Duration::from_secs(seconds), "{text}");
        }
    }

    #[test]
    fn what_cannot_be_read_counts_as_absent() {
        for (name, text) in [("COG_MAX_CONCURRENCY", "0"), ("COG_MAX_CONCURRENCY", "many"), ("COG_SETUP_TIMEOUT", "0"), ("PORT", "70000")] {
            assert_eq!(options(&[(name, text)]), options(&[]), "{name}={text}");
        }
    }
}
