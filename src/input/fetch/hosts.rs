//! Hosts that must not be asked, and the names that lead to them.

use std::error::Error;
use std::net::{IpAddr, ToSocketAddrs};

use reqwest::Url;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use tokio::task::spawn_blocking;

use super::chain;

/// Says what an address is, if nothing may be downloaded from it.
pub(crate) type Judge = fn(IpAddr) -> Option<&'static str>;

/// A host that must not be asked.
#[derive(Debug, Clone, thiserror::Error)]
#[error("found the {kind} address {address} for the host `{host}`")]
pub(super) struct Refusal {
    pub(super) host: String,
    pub(super) address: IpAddr,
    pub(super) kind: &'static str,
}

impl Refusal {
    /// The refusal that an error of the client stems from, if one does.
    pub(super) fn behind(error: &reqwest::Error) -> Option<&Self> {
        chain(error).find_map(<dyn Error>::downcast_ref)
    }
}

/// The refusal of a host that is an address itself: for those the client asks no resolver.
pub(super) fn literal_refusal(url: &Url, judge: Judge) -> Option<Refusal> {
    // Parsing has brought every way to write an IPv4 address into one form.
    let host = url.host_str()?;
    let address = host.trim_start_matches('[').trim_end_matches(']').parse().ok()?;
    judge(address).map(|kind| Refusal { host: host.to_owned(), address, kind })
}

/// Resolves names as the system does, and refuses those with an address that does not pass. What it hands out is what is connected to, so that a name
/// cannot be judged by one address and asked at another.
pub(super) struct JudgedResolver(pub(super) Judge);

impl Resolve for JudgedResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let (host, judge) = (name.as_str().to_owned(), self.0);
        // The client puts its own port in the place of 0.
        let resolved = spawn_blocking(move || {
            let addresses = (host.as_str(), 0).to_socket_addrs()?.collect::<Vec<_>>();
            for address in addresses.iter().map(|address| address.ip()) {
                if let Some(kind) = judge(address) {
                    return Err(Refusal { host, address, kind }.into());
                }
            }
            Ok(Box::new(addresses.into_iter()) as Addrs)
        });
        Box::pin(async { resolved.await? })
    }
}
