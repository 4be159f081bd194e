//! Every mistake of a struct, collected before any is reported.

use std::cell::RefCell;
use std::fmt::Display;

use quote::ToTokens;

/// The mistakes found so far.
///
/// # Panics
/// When it is dropped without [`Errors::finish`]: a mistake must never be lost.
pub(crate) struct Errors {
    mistakes: RefCell<Option<Vec<syn::Error>>>,
}

impl Errors {
    pub(crate) fn new() -> Self {
        Self { mistakes: RefCell::new(Some(Vec::new())) }
    }

    /// Reports a mistake under `tokens`.
    pub(crate) fn push(&self, tokens: impl ToTokens, message: impl Display) {
        self.push_error(syn::Error::new_spanned(tokens.into_token_stream(), message));
    }

    /// Reports a mistake that syn found.
    pub(crate) fn push_error(&self, error: syn::Error) {
        if let Some(mistakes) = self.mistakes.borrow_mut().as_mut() {
            mistakes.push(error);
        }
    }

    /// All mistakes, if there is one.
    pub(crate) fn finish(self) -> Result<(), Vec<syn::Error>> {
        match self.mistakes.borrow_mut().take() {
            Some(mistakes) if !mistakes.is_empty() => Err(mistakes),
            _ => Ok(()),
        }
    }
}

impl Drop for Errors {
    fn drop(&mut self) {
        assert!(std::thread::panicking() || self.mistakes.borrow().is_none(), "mistakes were collected and never reported");
    }
}
