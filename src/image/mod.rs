//! Any picture in, the right pixels out.
