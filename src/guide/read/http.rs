//! The document of a model that runs on this machine. The only file of the guide that names the HTTP client.

use std::time::Duration;

use super::super::error::GuideError;
use super::MAX_BYTES;

const TIMEOUT: Duration = Duration::from_secs(10);

/// Fetches a text of at most [`MAX_BYTES`], within ten seconds, without following redirects.
pub(crate) fn fetch(address: &str) -> Result<String, GuideError> {
    let failed = |reason: String| GuideError::Fetch { address: address.to_owned(), reason };
    let agent: ureq::Agent = ureq::Agent::config_builder().timeout_global(Some(TIMEOUT)).max_redirects(0).proxy(None).build().into();
    let mut response = agent.get(address).call().map_err(|error| failed(error.to_string()))?;
    if response.status() != 200 {
        return Err(failed(format!("found status {}, expected 200", response.status())));
    }
    response.body_mut().with_config().limit(MAX_BYTES).read_to_string().map_err(|error| match error {
        ureq::Error::BodyExceedsLimit(limit) => GuideError::TooLarge { path: address.to_owned(), limit },
        other => failed(other.to_string()),
    })
}
