//! The derive macros of cog-kit.
