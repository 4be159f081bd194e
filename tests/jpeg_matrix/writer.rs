//! Writes JPEG files of every sampling, scan structure and restart interval from coefficients that are given: for tests alone.
#![allow(unreachable_pub, clippy::cast_possible_wrap, reason = "a module of one test program, with small numbers")]

/// The order of coefficients in the file (ITU-T T.81 Figure A.6), as rows and columns.
fn zigzag() -> Vec<(usize, usize)> {
    let mut order: Vec<_> = (0..8).flat_map(|y| (0..8).map(move |x| (y, x))).collect();
    order.sort_by_key(|&(y, x)| (x + y, if (x + y) % 2 == 0 { x } else { y }));
    order
}

/// The quantization step of every coefficient.
const STEP: f64 = 3.0;

/// A component: its sampling factors, and its quantized coefficients in zigzag order, block by block, in whole MCUs.
#[derive(Clone)]
pub struct Component {
    pub id: u8,
    pub sampling: (usize, usize),
    pub across: usize,
    pub blocks: Vec<[i32; 64]>,
    /// Blocks of a scan of this component alone.
    pub units: (usize, usize),
}

/// An image as coefficients.
#[derive(Clone)]
pub struct Image {
    pub size: (usize, usize),
    pub components: Vec<Component>,
    pub mcus: (usize, usize),
}

impl Image {
    /// An image of `size`, whose components are sampled from `value`, which takes a component and a place in pixels and returns 0 to 255.
    pub fn new(size: (usize, usize), samplings: &[(usize, usize)], value: impl Fn(usize, f64, f64) -> f64) -> Self {
        let largest = (samplings.iter().map(|s| s.0).max().unwrap(), samplings.iter().map(|s| s.1).max().unwrap());
        let mcus = (size.0.div_ceil(8 * largest.0), size.1.div_ceil(8 * largest.1));
        let components = samplings.iter().enumerate().map(|(number, &sampling)| {
            let (across, down) = (mcus.0 * sampling.0, mcus.1 * sampling.1);
            let step = (largest.0 as f64 / sampling.0 as f64, largest.1 as f64 / sampling.1 as f64);
            // The middle of each sample, and no further than the image reaches.
            let place = |at: usize, step: f64, most: usize| ((at as f64 + 0.5) * step - 0.5).min(most as f64 - 1.0);
            let sample = |x, y| value(number, place(x, step.0, size.0), place(y, step.1, size.1)) - 128.0;
            let blocks = (0..across * down).map(|at| quantized(|x, y| sample(at % across * 8 + x, at / across * 8 + y)));
            let units = ((size.0 * sampling.0).div_ceil(largest.0).div_ceil(8), (size.1 * sampling.1).div_ceil(largest.1).div_ceil(8));
            Component { id: u8::try_from(number + 1).unwrap(), sampling, across, blocks: blocks.collect(), units }
        });
        Self { size, components: components.collect(), mcus }
    }

    /// Blocks in an MCU of a scan of these components.
    pub fn units(&self, members: &[usize]) -> usize {
        members.iter().map(|&member| self.components[member].sampling).map(|(across, down)| across * down).sum()
    }
}

/// The cosine transform of a block, divided by the step.
fn quantized(sample: impl Fn(usize, usize) -> f64) -> [i32; 64] {
    let wave = |place: usize, number: usize| {
        let scale = if number == 0 { 0.125_f64.sqrt() } else { 0.5 };
        scale * (std::f64::consts::PI * ((2 * place + 1) * number) as f64 / 16.0).cos()
    };
    let waves: Vec<[f64; 8]> = (0..8).map(|place| std::array::from_fn(|number| wave(place, number))).collect();
    let rows: Vec<[f64; 8]> = (0..8).map(|y| std::array::from_fn(|u| (0..8).map(|x| sample(x, y) * waves[x][u]).sum())).collect();
    let mut block = [0; 64];
    for (target, (v, u)) in block.iter_mut().zip(zigzag()) {
        let sum: f64 = (0..8).map(|y| rows[y][u] * waves[y][v]).sum();
        *target = (sum / STEP).round() as i32;
    }
    block
}

/// How scans are put together.
#[derive(Debug, Clone)]
pub struct Form {
    /// The components of each scan, in which their DC coefficients are; AC coefficients of progressive images are in scans of their own.
    pub scans: Vec<Vec<usize>>,
    pub is_progressive: bool,
    /// MCUs between restart markers; none if 0.
    pub restart: usize,
    /// Segments between the start of the image and its tables.
    pub marks: Vec<u8>,
}

impl Form {
    pub fn new(scans: &[&[usize]]) -> Self {
        let scans = scans.iter().map(|scan| scan.to_vec()).collect();
        Self { scans, is_progressive: false, restart: 0, marks: Vec::new() }
    }

    pub fn progressive(self) -> Self {
        Self { is_progressive: true, ..self }
    }

    pub fn restarting(self, restart: usize) -> Self {
        Self { restart, ..self }
    }

    pub fn marked(self, marks: &[u8]) -> Self {
        Self { marks: marks.to_vec(), ..self }
    }
}

/// The part of the coefficients that a scan has: first, last, the bit before and this one.
type Pass = (usize, usize, u8, u8);

pub fn write(image: &Image, form: &Form) -> Vec<u8> {
    let mut file = b"\xff\xd8".to_vec();
    file.extend(&form.marks);
    let both = |number: usize| u16::try_from(number).unwrap().to_be_bytes();
    let segment = |file: &mut Vec<u8>, marker: u8, data: &[u8]| {
        file.extend([0xff, marker]);
        file.extend(both(data.len() + 2));
        file.extend(data);
    };
    segment(&mut file, 0xdb, &[&[0][..], &[STEP as u8; 64]].concat());
    let mut header = [&[8][..], &both(image.size.1), &both(image.size.0), &[u8::try_from(image.components.len()).unwrap()]].concat();
    for component in &image.components {
        header.extend([component.id, u8::try_from(component.sampling.0 << 4 | component.sampling.1).unwrap(), 0]);
    }
    segment(&mut file, if form.is_progressive { 0xc2 } else { 0xc0 }, &header);
    // Twelve codes of four bits, and every symbol but the last as a code of eight bits that is the symbol.
    let dc = [&[0, 0, 0, 0, 12][..], &[0; 12], &(0..12).collect::<Vec<u8>>()].concat();
    let ac = [&[0x10, 0, 0, 0, 0, 0, 0, 0, 255][..], &[0; 8], &(0..255).collect::<Vec<u8>>()].concat();
    segment(&mut file, 0xc4, &[dc, ac].concat());
    if form.restart > 0 {
        segment(&mut file, 0xdd, &both(form.restart));
    }
    let all: Vec<usize> = (0..image.components.len()).collect();
    let passes: Vec<(Vec<usize>, Pass)> = if form.is_progressive {
        let ac = |pass: Pass| all.iter().map(move |&member| (vec![member], pass));
        let first = form.scans.iter().map(|scan| (scan.clone(), (0, 0, 0, 1)));
        let last = form.scans.iter().map(|scan| (scan.clone(), (0, 0, 1, 0)));
        first.chain(ac((1, 5, 0, 2))).chain(ac((6, 63, 0, 2))).chain(ac((1, 63, 2, 1))).chain(last).chain(ac((1, 63, 1, 0))).collect()
    } else {
        form.scans.iter().map(|scan| (scan.clone(), (0, 63, 0, 0))).collect()
    };
    for (members, (first, last, high, low)) in passes {
        let mut header = vec![u8::try_from(members.len()).unwrap()];
        members.iter().for_each(|&member| header.extend([image.components[member].id, 0]));
        header.extend([first as u8, last as u8, high << 4 | low]);
        segment(&mut file, 0xda, &header);
        Scan::new(image, form, (first, last, high, low)).write(&members, &mut file);
    }
    file.extend(b"\xff\xd9");
    file
}

/// The data of one scan.
struct Scan<'a> {
    image: &'a Image,
    form: &'a Form,
    pass: Pass,
    bits: Vec<bool>,
    predictions: [i32; 4],
    /// Blocks that ended without new coefficients, and the bits of those they had.
    run: u32,
    corrections: Vec<bool>,
}

impl<'a> Scan<'a> {
    fn new(image: &'a Image, form: &'a Form, pass: Pass) -> Self {
        Self { image, form, pass, bits: Vec::new(), predictions: [0; 4], run: 0, corrections: Vec::new() }
    }

    fn write(mut self, members: &[usize], file: &mut Vec<u8>) {
        let mcus: Vec<Vec<(usize, usize)>> = match members {
            [only] => {
                let component = &self.image.components[*only];
                let (across, down) = component.units;
                (0..down).flat_map(|y| (0..across).map(move |x| vec![(*only, y * component.across + x)])).collect()
            }
            _ => (0..self.image.mcus.0 * self.image.mcus.1).map(|number| self.mcu(members, number)).collect(),
        };
        let interval = if self.form.restart == 0 { mcus.len() } else { self.form.restart };
        for (number, interval) in mcus.chunks(interval).enumerate() {
            if number > 0 {
                file.extend([0xff, 0xd0 + u8::try_from((number - 1) % 8).unwrap()]);
            }
            self.predictions = [0; 4];
            for &(member, block) in interval.iter().flatten() {
                let block = self.image.components[member].blocks[block];
                self.block(member, &block);
            }
            self.end_run();
            self.flush(file);
        }
    }

    fn mcu(&self, members: &[usize], number: usize) -> Vec<(usize, usize)> {
        let (x, y) = (number % self.image.mcus.0, number / self.image.mcus.0);
        let mut blocks = Vec::new();
        for &member in members {
            let Component { sampling: (across, down), across: stride, .. } = self.image.components[member];
            for row in 0..down {
                blocks.extend((0..across).map(|column| (member, (y * down + row) * stride + x * across + column)));
            }
        }
        blocks
    }

    fn put(&mut self, value: u32, count: u32) {
        self.bits.extend((0..count).rev().map(|bit| value >> bit & 1 == 1));
    }

    /// A number of as many bits as it needs, which come behind its size.
    fn put_number(&mut self, value: i32, size: u32) {
        let value = if value < 0 { value - 1 } else { value };
        self.put(value as u32 & ((1 << size) - 1), size);
    }

    fn block(&mut self, member: usize, block: &[i32; 64]) {
        let (first, last, high, low) = self.pass;
        if first == 0 {
            let dc = block[0] >> low;
            if high > 0 {
                return self.put((dc & 1) as u32, 1);
            }
            let difference = dc - self.predictions[member];
            self.predictions[member] = dc;
            let size = 32 - difference.unsigned_abs().leading_zeros();
            self.put(size, 4);
            self.put_number(difference, size);
        }
        match (last, high) {
            (0, _) => {}
            (_, 0) => self.first_waves(block, first.max(1), last, low),
            _ => self.next_waves(block, first, last, low),
        }
    }

    fn first_waves(&mut self, block: &[i32; 64], first: usize, last: usize, low: u8) {
        let mut zeros = 0;
        for &wave in &block[first..=last] {
            // Towards zero.
            let wave = wave / (1 << low);
            if wave == 0 {
                zeros += 1;
                continue;
            }
            self.end_run();
            while zeros > 15 {
                self.put(0xf0, 8);
                zeros -= 16;
            }
            let size = 32 - wave.unsigned_abs().leading_zeros();
            self.put(zeros << 4 | size, 8);
            self.put_number(wave, size);
            zeros = 0;
        }
        if zeros > 0 {
            self.count_end();
        }
    }

    fn next_waves(&mut self, block: &[i32; 64], first: usize, last: usize, low: u8) {
        let size = |at: usize| block[at].unsigned_abs() >> low;
        // Behind the last new coefficient, the block ends.
        let end = (first..=last).rev().find(|&at| size(at) == 1).map_or(first, |at| at + 1);
        let (mut zeros, mut corrections) = (0, Vec::new());
        for (at, &wave) in block.iter().enumerate().take(end).skip(first) {
            match size(at) {
                0 => {
                    if zeros == 15 && (at..end).any(|at| size(at) == 1) {
                        self.end_run();
                        self.put(0xf0, 8);
                        self.bits.append(&mut corrections);
                        zeros = 0;
                    } else {
                        zeros += 1;
                    }
                }
                1 => {
                    self.end_run();
                    self.put(zeros << 4 | 1, 8);
                    self.put(u32::from(wave > 0), 1);
                    self.bits.append(&mut corrections);
                    zeros = 0;
                }
                size => corrections.push(size & 1 == 1),
            }
        }
        if end <= last {
            let rest: Vec<bool> = (end..=last).map(size).filter(|&size| size > 1).map(|size| size & 1 == 1).collect();
            self.corrections.extend(rest);
            self.count_end();
        }
    }

    fn count_end(&mut self) {
        if !self.form.is_progressive {
            return self.put(0, 8);
        }
        self.run += 1;
        if self.run == 0x7fff {
            self.end_run();
        }
    }

    /// Writes the ends of blocks that were counted, and the bits of their coefficients.
    fn end_run(&mut self) {
        if self.run > 0 {
            let size = self.run.ilog2();
            self.put(size << 4, 8);
            self.put(self.run - (1 << size), size);
            self.run = 0;
            let mut corrections = std::mem::take(&mut self.corrections);
            self.bits.append(&mut corrections);
        }
    }

    fn flush(&mut self, file: &mut Vec<u8>) {
        while !self.bits.len().is_multiple_of(8) {
            self.bits.push(true);
        }
        for byte in std::mem::take(&mut self.bits).chunks(8).map(|bits| bits.iter().fold(0, |byte, &bit| byte << 1 | u8::from(bit))) {
            file.push(byte);
            if byte == 0xff {
                file.push(0);
            }
        }
    }
}
