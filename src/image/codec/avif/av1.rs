//! The AV1 decoder of `re_rav1d`, by its C interface.
//!
//! Its Rust interface leaks a block of memory with every image that is dropped, and with every call that has no image to give (0.1.3): freeing an image
//! leaves an empty list of metadata in its place, which nobody frees. Such blocks keep the allocator from giving back what lies around them.
#![allow(unsafe_code)]

use std::{io, mem::MaybeUninit, ptr::NonNull, rc::Rc, slice};

use re_rav1d::{
    Dav1dResult,
    include::dav1d::{
        data::Dav1dData,
        dav1d::{Dav1dContext, Dav1dSettings},
        headers::{DAV1D_PIXEL_LAYOUT_I400, DAV1D_PIXEL_LAYOUT_I420, DAV1D_PIXEL_LAYOUT_I422},
        picture::Dav1dPicture,
    },
    src::lib::{
        dav1d_close, dav1d_data_create, dav1d_data_unref, dav1d_default_settings, dav1d_get_picture, dav1d_open, dav1d_picture_unref,
        dav1d_send_data,
    },
};

/// The number of `ERANGE`, which stands for images that are larger than the limit.
const TOO_LARGE: i32 = 34;

/// Why there is no image.
#[derive(Debug)]
pub(super) enum Failure {
    /// More data, or an image, is to be asked for first.
    Again,
    /// The image has more pixels than the limit.
    TooLarge,
    /// Anything else.
    Other(&'static str),
}

/// A decoder of images that may build on one another, on one thread.
pub(super) struct Decoder {
    context: Dav1dContext,
}

impl Decoder {
    /// A decoder that refuses images with more than `pixels`.
    pub(super) fn new(pixels: u32) -> Result<Self, Failure> {
        let mut settings = MaybeUninit::<Dav1dSettings>::uninit();
        // SAFETY: the pointer is that of the settings, which the call fills in.
        let mut settings = unsafe {
            dav1d_default_settings(NonNull::from(&mut settings).cast());
            settings.assume_init()
        };
        // A panic on a thread of its own would not end the decode, but be waited for without end.
        settings.n_threads = 1;
        // Each image is asked for at once.
        settings.max_frame_delay = 1;
        // Of an image in layers only the best.
        settings.all_layers = 0;
        settings.frame_size_limit = pixels;
        let mut context = None;
        // SAFETY: both pointers are those of local values, of which the first is written.
        check(unsafe { dav1d_open(Some(NonNull::from(&mut context)), Some(NonNull::from(&mut settings))) })?;
        context.map(|context| Self { context }).ok_or(Failure::Other("the decoder did not start"))
    }

    /// The image in the next piece of the stream; none if there is none. A second one is an error.
    pub(super) fn decode(&mut self, data: &[u8]) -> Result<Option<Image>, Failure> {
        let mut packet = Packet::new(data)?;
        match packet.send(self) {
            Ok(()) => {}
            // Something is left behind the image of the piece before, which has to be taken first.
            Err(Failure::Again) => {
                if self.image()?.is_some() {
                    return Err(Failure::Other("found several images in one sample, expected one"));
                }
                packet.send(self)?;
            }
            Err(failure) => return Err(failure),
        }
        self.image()
    }

    /// The image that the data which was sent has become.
    fn image(&mut self) -> Result<Option<Image>, Failure> {
        let mut image = Image(Dav1dPicture::default());
        // SAFETY: the context is open; the picture is written, over one that owns nothing.
        match check(unsafe { dav1d_get_picture(Some(self.context), Some(NonNull::from(&mut image.0))) }) {
            Ok(()) => Ok(Some(image)),
            Err(Failure::Again) => Ok(None),
            Err(failure) => Err(failure),
        }
    }
}

impl Drop for Decoder {
    fn drop(&mut self) {
        let mut context = Some(self.context);
        // SAFETY: the context is open, and not used again.
        unsafe { dav1d_close(Some(NonNull::from(&mut context))) };
    }
}

/// Data for the decoder, which counts who uses it.
struct Packet(Dav1dData);

impl Packet {
    fn new(data: &[u8]) -> Result<Self, Failure> {
        let mut packet = Self(Dav1dData::default());
        // SAFETY: the pointer is that of a packet that owns nothing; the call returns room for as many bytes as are copied, or null.
        unsafe {
            let room = dav1d_data_create(Some(NonNull::from(&mut packet.0)), data.len());
            if room.is_null() {
                return Err(Failure::Other("Not enough memory available"));
            }
            room.copy_from_nonoverlapping(data.as_ptr(), data.len());
        }
        Ok(packet)
    }

    fn send(&mut self, decoder: &mut Decoder) -> Result<(), Failure> {
        // SAFETY: the context is open; the packet stays valid, and is empty once it was taken.
        check(unsafe { dav1d_send_data(Some(decoder.context), Some(NonNull::from(&mut self.0))) })
    }
}

impl Drop for Packet {
    fn drop(&mut self) {
        // SAFETY: the packet is valid, whether it was taken or not.
        unsafe { dav1d_data_unref(Some(NonNull::from(&mut self.0))) };
    }
}

/// A decoded image.
pub(super) struct Image(Dav1dPicture);

impl Image {
    pub(super) fn width(&self) -> usize {
        usize::try_from(self.0.p.w).unwrap_or(0)
    }

    pub(super) fn height(&self) -> usize {
        usize::try_from(self.0.p.h).unwrap_or(0)
    }

    /// Bits of a sample.
    pub(super) fn bits(&self) -> u32 {
        u32::try_from(self.0.p.bpc).unwrap_or(8).clamp(8, 12)
    }

    /// Whether it has luma alone.
    pub(super) const fn is_gray(&self) -> bool {
        self.0.p.layout == DAV1D_PIXEL_LAYOUT_I400
    }

    /// Whether chroma has half the columns, and half the rows.
    pub(super) const fn subsampling(&self) -> (bool, bool) {
        let layout = self.0.p.layout;
        (layout == DAV1D_PIXEL_LAYOUT_I420 || layout == DAV1D_PIXEL_LAYOUT_I422, layout == DAV1D_PIXEL_LAYOUT_I420)
    }

    /// The matrix coefficients in the sequence header, by ITU-T H.273, and whether samples use the full range.
    pub(super) fn matrix(&self) -> Option<(u16, bool)> {
        // SAFETY: the header, if there is one, lives as long as the picture.
        let header = unsafe { self.0.seq_hdr?.as_ref() };
        Some((u16::try_from(header.mtrx).ok()?, header.color_range != 0))
    }

    /// Bytes from a row of luma (0) or chroma (1) to the next.
    pub(super) fn stride(&self, index: usize) -> usize {
        self.0.stride.get(index).and_then(|&stride| usize::try_from(stride).ok()).unwrap_or(0)
    }
}

impl Drop for Image {
    fn drop(&mut self) {
        // SAFETY: the picture is one that the decoder wrote, or owns nothing. Afterwards it is empty but for a list of metadata, which comes from
        // `RawArc::from_arc`, is owned by nothing else, and is taken out of the picture.
        unsafe {
            dav1d_picture_unref(Some(NonNull::from(&mut self.0)));
            if let Some(metadata) = self.0.itut_t35_ref.take() {
                drop(metadata.into_arc());
            }
        }
    }
}

/// A plane of an image, whose memory it shares.
pub(super) struct Plane {
    image: Rc<Image>,
    index: usize,
}

impl Plane {
    /// Luma (0) or chroma (1, 2).
    pub(super) const fn new(image: Rc<Image>, index: usize) -> Self {
        Self { image, index }
    }
}

impl AsRef<[u8]> for Plane {
    fn as_ref(&self) -> &[u8] {
        let is_luma = self.index == 0;
        let rows = if !is_luma && self.image.subsampling().1 { self.image.height().div_ceil(2) } else { self.image.height() };
        let Some(&Some(data)) = self.image.0.data.get(self.index) else { return &[] };
        // SAFETY: the plane has as many rows, each of which takes a stride, and lives as long as the image that is kept.
        unsafe { slice::from_raw_parts(data.as_ptr().cast(), rows * self.image.stride(usize::from(!is_luma))) }
    }
}

/// The outcome of a call: 0, or an error number below 0.
fn check(Dav1dResult(code): Dav1dResult) -> Result<(), Failure> {
    if code >= 0 {
        return Ok(());
    }
    Err(match io::Error::from_raw_os_error(-code).kind() {
        io::ErrorKind::WouldBlock => Failure::Again,
        io::ErrorKind::InvalidInput => Failure::Other("Invalid argument"),
        io::ErrorKind::OutOfMemory => Failure::Other("Not enough memory available"),
        _ if code == -TOO_LARGE => Failure::TooLarge,
        _ => Failure::Other("Unsupported bitstream"),
    })
}
