//! Lossy WebP read by one thread, and made pixels of and worked on by another.
//!
//! libwebp reads a row of blocks while a worker makes pixels of the one before. Its own worker is a thread that sleeps after each row, and to wake it takes
//! about as long as the row. Ours is the thread that wants the rows: while it has to wait for them it makes them, and libwebp runs beside it. When libwebp is the one
//! that would have to wait, it makes them itself.
#![allow(unsafe_code)]

use std::{
    cell::Cell,
    ffi::{c_int, c_void},
    ptr::{self, NonNull},
    sync::{
        Once,
        atomic::{AtomicBool, AtomicPtr, Ordering},
    },
    thread,
};

use super::super::super::beside;

/// `WebPWorker` of libwebp.
#[repr(C)]
struct Worker {
    /// Ours to use: who does the work; null if nobody does, and then it is done at once.
    progress: *const Progress,
    status: c_int,
    hook: Option<unsafe extern "C" fn(*mut c_void, *mut c_void) -> c_int>,
    data: [*mut c_void; 2],
    had_error: c_int,
}

/// The values of `WebPWorkerStatus` that a worker has while nothing waits for it.
const NOT_OK: c_int = 0;
const OK: c_int = 1;

/// `WebPWorkerInterface` of libwebp.
#[repr(C)]
struct Interface {
    init: unsafe extern "C" fn(*mut Worker),
    reset: unsafe extern "C" fn(*mut Worker) -> c_int,
    sync: unsafe extern "C" fn(*mut Worker) -> c_int,
    launch: unsafe extern "C" fn(*mut Worker),
    execute: unsafe extern "C" fn(*mut Worker),
    end: unsafe extern "C" fn(*mut Worker),
}

unsafe extern "C" {
    /// Copies the interface.
    #[link_name = "WebPSetWorkerInterface"]
    fn set_worker_interface(interface: *const Interface) -> c_int;
}

thread_local! {
    /// The decoding that this thread is about to begin.
    static PROGRESS: Cell<Option<NonNull<Progress>>> = const { Cell::new(None) };
}

/// Runs `decode` beside `work`; none if it fails, or if there is no thread for it.
///
/// `decode` calls libwebp, and says at the end whether all went well. `work` asks the progress for what it needs.
pub(super) fn beside_decoding<T>(decode: impl FnOnce(&Progress) -> bool + Send, work: impl FnOnce(&Progress) -> T) -> Option<T> {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let ours = Interface { init, reset, sync, launch, execute, end };
        // SAFETY: libwebp copies the struct, which is laid out as its own, and no decoding of ours used a worker before.
        let _ = unsafe { set_worker_interface(&raw const ours) };
    });
    let progress = Progress::default();
    thread::scope(|scope| {
        let decode = || {
            let _end = End(&progress);
            PROGRESS.set(Some(NonNull::from(&progress)));
            decode(&progress)
        };
        let decoding = beside::spawn(scope, "cog-kit-webp", [decode]).pop()?;
        let over = Over(&progress);
        let result = work(&progress);
        drop(over);
        decoding.join().is_ok_and(|is_whole| is_whole).then_some(result)
    })
}

/// How far a decoding is, and what it wants done.
#[derive(Default)]
pub(super) struct Progress {
    /// What is to be done; null if nothing is, or if somebody has begun to.
    task: AtomicPtr<Worker>,
    /// Whether the thread that wants the rows makes some, or is about to look for some to make.
    is_working: AtomicBool,
    /// Whether nobody wants more rows.
    is_over: AtomicBool,
    /// Whether no more rows come.
    has_ended: AtomicBool,
}

/// Says that no more rows come when it is dropped.
struct End<'a>(&'a Progress);

impl Drop for End<'_> {
    fn drop(&mut self) {
        PROGRESS.take();
        self.0.ended();
    }
}

/// Says that nobody wants more rows when it is dropped, and does what still has to be done.
struct Over<'a>(&'a Progress);

impl Drop for Over<'_> {
    fn drop(&mut self) {
        self.0.is_over.store(true, Ordering::Release);
        self.0.work_until(|| false);
    }
}

impl Progress {
    /// Whether nobody wants more rows.
    pub(super) fn is_over(&self) -> bool {
        self.is_over.load(Ordering::Acquire)
    }

    /// Says that no more rows come.
    pub(super) fn ended(&self) {
        self.has_ended.store(true, Ordering::Release);
    }

    /// Works until something is so, or no more rows come; once at least if there is anything to do.
    pub(super) fn work_until(&self, is_so: impl Fn() -> bool) {
        loop {
            self.is_working.store(true, Ordering::Relaxed);
            let has_worked = self.work();
            self.is_working.store(false, Ordering::Release);
            let is_over = || is_so() || self.has_ended.load(Ordering::Acquire);
            if !has_worked && is_over() {
                break;
            }
            beside::wait_until(|| !self.task.load(Ordering::Relaxed).is_null() || is_over());
        }
    }

    /// Does what is to be done, if anything is.
    fn work(&self) -> bool {
        // Whoever takes the task does it. Who finds it taken also finds that the other one is working, which was said before.
        let task = self.task.swap(ptr::null_mut(), Ordering::AcqRel);
        if !task.is_null() {
            // SAFETY: libwebp leaves a worker alone, and in its place, from `launch` to `sync`, and `sync` waits for what comes next.
            unsafe { execute(task) };
        }
        !task.is_null()
    }
}

// libwebp calls these with a worker of its own that is in place, on the thread that decodes, one after the other; a progress is null or what `reset` found, which
// outlives the decoding that the worker belongs to. `execute` is called once for each `launch`, by this thread or the other one, before the end of the next wait, in
// which this one reads no more than `progress` until it is done.

unsafe extern "C" fn init(worker: *mut Worker) {
    let new = Worker { progress: ptr::null(), status: NOT_OK, hook: None, data: [ptr::null_mut(); 2], had_error: 0 };
    // SAFETY: see above.
    unsafe { worker.write(new) }
}

unsafe extern "C" fn reset(worker: *mut Worker) -> c_int {
    // SAFETY: see above.
    let worker = unsafe {
        wait(worker);
        &mut *worker
    };
    worker.had_error = 0;
    if worker.status == NOT_OK {
        // The first worker of a decoding has it, and there are no others.
        worker.progress = PROGRESS.take().map_or(ptr::null(), |progress| progress.as_ptr().cast_const());
        worker.status = OK;
    }
    1
}

unsafe extern "C" fn sync(worker: *mut Worker) -> c_int {
    // SAFETY: see above.
    unsafe {
        wait(worker);
        c_int::from((*worker).had_error == 0)
    }
}

unsafe extern "C" fn launch(worker: *mut Worker) {
    // SAFETY: see above.
    unsafe {
        match (*worker).progress.as_ref() {
            Some(progress) => progress.task.store(worker, Ordering::Release),
            None => execute(worker),
        }
    }
}

unsafe extern "C" fn execute(worker: *mut Worker) {
    // SAFETY: see above; the hook is libwebp's own, and gets what it asked for.
    unsafe {
        if let Some(hook) = (*worker).hook {
            let [first, second] = (*worker).data;
            (*worker).had_error |= c_int::from(hook(first, second) == 0);
        }
    }
}

unsafe extern "C" fn end(worker: *mut Worker) {
    // SAFETY: see above.
    unsafe {
        wait(worker);
        ((*worker).progress, (*worker).status) = (ptr::null(), NOT_OK);
    }
}

/// Until nothing is left to do for a worker.
unsafe fn wait(worker: *mut Worker) {
    // SAFETY: see above.
    if let Some(progress) = unsafe { (*worker).progress.as_ref() }
        && !progress.work()
    {
        beside::wait_until(|| !progress.is_working.load(Ordering::Acquire));
    }
}
