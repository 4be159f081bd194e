//! How much memory is taken beside a decoder: the rows under a filter's kernel, and what is made of them.

use super::{Alpha, Info, Plan, Prepare, Size};

/// Source pixels that the widest kernel reaches to both sides, where nothing is shrunk.
const SUPPORT: f64 = 3.0;

/// Rows that go through the horizontal pass together, at most.
const BLOCK_ROWS: u64 = 256;

/// Bytes of the part that is shown, and what it takes to resample it.
pub(super) fn shown(plan: &Plan, info: &Info) -> u64 {
    resampling(plan, info).saturating_add(content(plan, info))
}

/// Bytes of a prepared picture, and what it takes to make it.
pub(super) fn prepared(prepare: &Prepare, plan: &Plan, info: &Info) -> u64 {
    shown(plan, info).saturating_add(finishing(prepare, plan, info))
}

/// Bytes of so many prepared frames, and what it takes to make them: all are resampled first, and finished one after the other.
pub(super) fn prepared_frames(prepare: &Prepare, plan: &Plan, info: &Info, count: u32) -> u64 {
    let result = plan.output.pixels().saturating_mul(if prepare.alpha == Alpha::Flatten { 3 } else { 4 });
    let each = content(plan, info).max(result);
    each.saturating_mul(count.into()).saturating_add(resampling(plan, info)).saturating_add(finishing(prepare, plan, info))
}

fn content(plan: &Plan, info: &Info) -> u64 {
    plan.content.pixels().saturating_mul(info.bytes_per_pixel())
}

/// What becomes of the part that is shown: copies in other channels, turned, and in their place, not all of them at once.
fn finishing(prepare: &Prepare, plan: &Plan, info: &Info) -> u64 {
    let stays = !info.has_alpha && prepare.alpha == Alpha::Flatten && info.size() == info.stored_size;
    // Grey becomes three samples.
    let changed = plan.content.pixels().saturating_mul(if stays { 1 } else { 4 });
    let placed = if plan.is_padded() { plan.output.pixels().saturating_mul(4) } else { 0 };
    let alpha = if prepare.alpha == Alpha::Split { plan.output.pixels().saturating_mul(2) } else { 0 };
    changed.saturating_add(placed).saturating_add(alpha)
}

/// The rows under the kernel, twice over, a block of rows between the two passes, and columns in floats.
fn resampling(plan: &Plan, info: &Info) -> u64 {
    let Size { width, height } = info.stored_size;
    let along = |source: f64, result: u32| source / f64::from(result.max(1));
    let shrunk = along(plan.crop.width, plan.content.width).max(along(plan.crop.height, plan.content.height)).max(1.0);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "`as` saturates, which is what is wanted")]
    let reach = (2.0 * SUPPORT * shrunk).ceil() as u64;
    let rows =
        reach.min(height.into()).saturating_mul(2).saturating_add(BLOCK_ROWS.min(plan.content.height.max(plan.content.width).into()));
    let row = u64::from(width) * info.bytes_per_pixel();
    let columns = u64::from(width.max(plan.content.width).max(plan.content.height)) * 32 * 4;
    rows.saturating_mul(row).saturating_add(columns)
}
