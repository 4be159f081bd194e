#![deny(warnings)]
#![allow(dead_code)]

fn build<const N: usize>() -> usize {
    use cog_kit::{Choice, Input};

    #[derive(Choice)]
    pub(self) enum Kind {
        #[choice(1)]
        One,
        #[choice(-2)]
        MinusTwo,
    }

    #[derive(Input)]
    pub(crate) struct Inputs {
        /// Which one.
        #[input(default = -2)]
        pub kind: Kind,
        /// Which one, as Rust calls it.
        #[input(default = Kind::One)]
        pub other: Kind,
    }

    let schema = Inputs::schema();
    assert_eq!(schema.properties()[0].default, Some((-2).into()));
    assert_eq!(schema.properties()[1].default, Some(1.into()));
    schema.properties().len() + N
}

fn main() {
    assert_eq!(build::<1>(), 3);
}
