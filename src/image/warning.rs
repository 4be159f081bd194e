//! What is odd in a file, but did not stop it from being read.

/// Something odd in a file that did not stop it from being read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Warning {
    /// The file ends early; the missing rows were left as the decoder left them.
    Truncated,
    /// The colour profile is broken or does not fit the pixels, and was left aside.
    ProfileIgnored,
    /// Some of the data is damaged; the decoder made up what it could not read.
    Damaged,
    /// The picture is in CMYK without a profile, and was converted by plain arithmetic.
    CmykWithoutProfile,
    /// The picture has a high dynamic range, which was brought down to that of a screen.
    ToneMapped,
}

impl Warning {
    /// A stable name: `truncated`, `profile_ignored`, …
    pub const fn code(self) -> &'static str {
        match self {
            Self::Truncated => "truncated",
            Self::ProfileIgnored => "profile_ignored",
            Self::Damaged => "damaged",
            Self::CmykWithoutProfile => "cmyk_without_profile",
            Self::ToneMapped => "tone_mapped",
        }
    }
}
