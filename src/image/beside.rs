//! Threads that run beside the one that starts them, from the first moment on.
//!
//! A processor of a virtual machine that has nothing to do is halted, and Linux takes it for one that the host has taken away: threads that are started or
//! woken go where the thread that does so is running, and wait there until the load is balanced, some milliseconds later. That is as long as a picture
//! takes. So the helpers leave their parent's processor themselves, and whoever waits for them looks for a while before it sleeps.

use std::{
    hint::spin_loop,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    thread::{Builder, Scope, ScopedJoinHandle, sleep, yield_now},
    time::{Duration, Instant},
};

use self::processor::Stay;

/// How long to look before sleeping.
const PATIENCE: Duration = Duration::from_millis(2);

/// Looks before a short sleep, in which whoever else wants this processor has it, and the pauses between two looks. All of it takes less than half a millisecond.
const LOOKS: u32 = 256;
const PAUSES: u32 = 30;
const NAP: Duration = Duration::from_micros(20);

/// How often helpers are given this processor, to leave it.
const TURNS: usize = 50;

/// Starts a thread for each piece of work, on other processors than the caller's if there are any; fewer if the system has no more threads to give.
pub(super) fn spawn<'scope, T: Send + 'scope, F: FnOnce() -> T + Send + 'scope>(
    scope: &'scope Scope<'scope, '_>,
    name: &str,
    works: impl IntoIterator<Item = F>,
) -> Vec<ScopedJoinHandle<'scope, T>> {
    let stay = Stay::begin();
    let leaving = Arc::new(AtomicUsize::new(0));
    let start = |work: F| {
        let (leave, leaving) = (stay.leave(), Arc::clone(&leaving));
        let helper = move || {
            leaving.fetch_add(1, Ordering::Relaxed);
            leave();
            work()
        };
        Builder::new().name(name.to_owned()).spawn_scoped(scope, helper).ok()
    };
    let handles: Vec<_> = works.into_iter().map_while(start).collect();
    // They start on this processor, and can only leave it when they get a turn.
    for _ in 0..TURNS {
        if leaving.load(Ordering::Relaxed) == handles.len() {
            break;
        }
        yield_now();
    }
    handles
}

/// Looks again and again, for as long as it would be unwise to sleep; none if there is still nothing.
pub(super) fn look<T>(mut found: impl FnMut() -> Option<T>) -> Option<T> {
    let began = Instant::now();
    loop {
        for _ in 0..LOOKS {
            let result = found();
            if result.is_some() {
                return result;
            }
            (0..PAUSES).for_each(|_| spin_loop());
        }
        if began.elapsed() > PATIENCE {
            return None;
        }
        // To yield would leave it to others for longer.
        sleep(NAP);
    }
}

/// Waits until something is so: looks for it first, and sleeps between two looks when that takes long.
pub(super) fn wait_until(is_so: impl Fn() -> bool) {
    while look(|| is_so().then_some(())).is_none() {
        sleep(PATIENCE);
    }
}

#[cfg(target_os = "linux")]
mod processor {
    use nix::{
        sched::{CpuSet, sched_getaffinity, sched_getcpu, sched_setaffinity},
        unistd::Pid,
    };

    /// The calling thread, which every function here is about.
    const ITSELF: Pid = Pid::from_raw(0);

    /// Keeps a thread, and those that it starts, on its processor as long as it lives; otherwise the thread would be the one to be moved when it gives others a
    /// turn. Does nothing where there is no other processor, or where a sandbox forbids it.
    pub(super) struct Stay(Option<Allowed>);

    struct Allowed {
        all: CpuSet,
        others: CpuSet,
    }

    impl Stay {
        pub(super) fn begin() -> Self {
            Self(Allowed::stay())
        }

        /// What a thread that was started meanwhile is to call, to run on any other processor.
        pub(super) fn leave(&self) -> impl FnOnce() + Send + use<> {
            let others = self.0.as_ref().map(|allowed| allowed.others);
            move || {
                let _ = others.map(|others| sched_setaffinity(ITSELF, &others));
            }
        }
    }

    impl Drop for Stay {
        fn drop(&mut self) {
            let _ = self.0.as_ref().map(|allowed| sched_setaffinity(ITSELF, &allowed.all));
        }
    }

    impl Allowed {
        fn stay() -> Option<Self> {
            let (here, all) = (sched_getcpu().ok()?, sched_getaffinity(ITSELF).ok()?);
            let (mut this, mut others) = (CpuSet::new(), all);
            this.set(here).ok()?;
            others.unset(here).ok()?;
            (others != CpuSet::new()).then_some(())?;
            sched_setaffinity(ITSELF, &this).ok().map(|()| Self { all, others })
        }
    }
}

#[cfg(not(target_os = "linux"))]
mod processor {
    /// Other systems place threads well enough by themselves.
    pub(super) struct Stay;

    impl Stay {
        pub(super) fn begin() -> Self {
            Self
        }

        pub(super) fn leave(&self) -> impl FnOnce() + Send + use<> {
            || {}
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{thread::scope, time::Instant};

    use super::{PATIENCE, look, spawn};

    #[test]
    fn helpers_have_their_name_and_their_results() {
        let works = (0..3).map(|number| move || (number, std::thread::current().name().map(str::to_owned)));
        let results: Vec<_> = scope(|scope| spawn(scope, "helper", works).into_iter().map(|helper| helper.join().unwrap()).collect());
        assert_eq!(results, [0, 1, 2].map(|number| (number, Some("helper".to_owned()))));
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn helpers_run_on_other_processors_and_their_parent_may_go_where_it_could() {
        use nix::{
            sched::{CpuSet, sched_getaffinity, sched_getcpu},
            unistd::Pid,
        };
        let allowed = || sched_getaffinity(Pid::from_raw(0)).unwrap();
        let before = allowed();
        let is_among = |set: &CpuSet, number: usize| set.is_set(number) == Ok(true);
        let has_others = (0..CpuSet::count()).filter(|&number| is_among(&before, number)).count() > 1;
        for _ in 0..50 {
            let helpers = scope(|scope| {
                let helpers = spawn(scope, "helper", [(); 3].map(|()| || (sched_getcpu().unwrap(), allowed())));
                helpers.into_iter().map(|helper| helper.join().unwrap()).collect::<Vec<_>>()
            });
            assert_eq!(allowed(), before);
            for (processor, allowed) in helpers {
                let left = (0..CpuSet::count()).filter(|&number| is_among(&before, number) && !is_among(&allowed, number)).count();
                assert_eq!((left, is_among(&allowed, processor)), (usize::from(has_others), true));
            }
        }
    }

    #[test]
    fn looking_ends_with_what_is_found_or_when_patience_does() {
        let mut count = 0;
        let third = || {
            count += 1;
            (count == 3).then_some(count)
        };
        assert_eq!(look(third), Some(3));
        let began = Instant::now();
        assert_eq!(look(|| None::<()>), None);
        assert!(began.elapsed() > PATIENCE);
    }
}
