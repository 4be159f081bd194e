//! Enums that people also write as words, on a command line or in Python.

/// Gives a plain enum its words: `name()`, `from_name()`, `NAMES`, `Display` and `FromStr`.
macro_rules! names {
    ($type:ident, $what:literal, $($variant:ident = $name:literal $(| $alias:literal)*),+ $(,)?) => {
        impl $type {
            /// Every word that names one of these, in order.
            pub const NAMES: &'static [&'static str] = &[$($name),+];

            /// The word for it.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name),+
                }
            }

            /// The one with this name; letter case does not matter.
            ///
            /// # Errors
            #[doc = concat!("[`ImageError::UnknownName`](crate::image::ImageError::UnknownName) if no ", $what, " is called so.")]
            pub fn from_name(name: &str) -> Result<Self, $crate::image::ImageError> {
                match name.to_ascii_lowercase().as_str() {
                    $($name $(| $alias)* => Ok(Self::$variant),)+
                    _ => Err($crate::image::ImageError::UnknownName { what: $what, found: name.to_owned(), expected: Self::NAMES }),
                }
            }
        }

        impl std::fmt::Display for $type {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.name())
            }
        }

        impl std::str::FromStr for $type {
            type Err = $crate::image::ImageError;

            fn from_str(name: &str) -> Result<Self, Self::Err> {
                Self::from_name(name)
            }
        }
    };
}
pub(super) use names;
