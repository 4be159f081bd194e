/// As many inputs as the largest published model has: 78.
#[derive(Input)]
pub struct Inputs {
    /// What the picture shows.
    #[input(min_length = 1, max_length = 4000)]
    pub prompt: String,
    /// What the picture should not show.
    #[input(default = "")]
    pub negative_prompt: String,
    /// Picture to start from.
    #[input(default = None, accept = "image/*")]
    pub image: Option<Path>,
    /// White where the picture is to be painted anew.
    #[input(default = None, accept = "image/*")]
    pub mask: Option<Path>,
    /// Width of the result in pixels.
    #[input(default = 1024, ge = 256, le = 2048, recommended = 768..=1344)]
    pub width: u32,
    /// Height of the result in pixels.
    #[input(default = 1024, ge = 256, le = 2048, recommended = 768..=1344)]
    pub height: u32,
    /// How many pictures are made.
    #[input(default = 1, ge = 1, le = 4)]
    pub num_outputs: u32,
    /// How noise is taken away from step to step.
    #[input(default = "K_EULER", choices = ["DDIM", "DPMSolverMultistep", "HeunDiscrete", "K_EULER_ANCESTRAL", "K_EULER", "PNDM"])]
    pub scheduler: String,
    /// How many denoising steps are taken.
    #[input(default = 30, ge = 1, le = 500, recommended = 20..=50)]
    pub num_inference_steps: u32,
    /// How closely the result follows the prompt.
    #[input(default = 7.5, ge = 1, le = 50, recommended = 3..=12)]
    pub guidance_scale: f64,
    /// How far the result may go from the picture.
    #[input(default = 0.8, ge = 0, le = 1)]
    pub prompt_strength: f64,
    /// Makes a result repeatable.
    #[input(default = None)]
    pub seed: Seed,
    /// Which refiner is used.
    #[input(default = "no_refiner", choices = ["no_refiner", "expert_ensemble_refiner", "base_image_refiner"])]
    pub refine: String,
    /// Steps of the refiner.
    #[input(default = 10, ge = 1, le = 100, recommended = 5..=20)]
    pub refine_steps: u32,
    /// Share of the steps that the first model takes.
    #[input(default = 0.8, ge = 0, le = 1)]
    pub high_noise_share: f64,
    /// Whether a watermark is put into the result.
    #[input(default = true)]
    pub apply_watermark: bool,
    /// Address of LoRA weights.
    #[input(default = None, regex = "^https://")]
    pub lora_url: Option<String>,
    /// Strength of the LoRA weights.
    #[input(default = 0.6, ge = 0, le = 1)]
    pub lora_scale: f64,
    /// Words that stand for what was trained.
    #[input(default = ["a", "b"])]
    pub tokens: Vec<String>,
    /// Sides that are tried.
    #[input(default = [512, 768])]
    pub sides: Vec<u32>,
    /// Whether unsafe results are shown too.
    #[input(default = false)]
    pub show_unsafe: bool,
    /// What the control picture 1 holds.
    #[input(default = "none", choices = ["none", "edge_canny", "depth_leres", "soft_edge", "lineart", "openpose"])]
    pub controlnet_1: String,
    /// Control picture 1.
    #[input(default = None, accept = "image/*")]
    pub controlnet_1_image: Option<Path>,
    /// Strength of control picture 1.
    #[input(default = 0.75, ge = 0, le = 4, recommended = 0.4..=1)]
    pub controlnet_1_conditioning_scale: f64,
    /// Share of the steps after which control picture 1 counts.
    #[input(default = 0, ge = 0, le = 1)]
    pub controlnet_1_start: f64,
    /// Share of the steps until which control picture 1 counts.
    #[input(default = 1, ge = 0, le = 1)]
    pub controlnet_1_end: f64,
    /// Longest side of control picture 1 in pixels.
    #[input(default = 1024, ge = 256, le = 2048, recommended = 512..=1024)]
    pub controlnet_1_max_side: u32,
    /// Whether control picture 1 is used as it is.
    #[input(default = false)]
    pub controlnet_1_preprocessed: bool,
    /// How control picture 1 is brought to size.
    #[input(default = "resize", choices = ["resize", "crop", "pad"])]
    pub controlnet_1_sizing: String,
    /// What the control picture 2 holds.
    #[input(default = "none", choices = ["none", "edge_canny", "depth_leres", "soft_edge", "lineart", "openpose"])]
    pub controlnet_2: String,
    /// Control picture 2.
    #[input(default = None, accept = "image/*")]
    pub controlnet_2_image: Option<Path>,
    /// Strength of control picture 2.
    #[input(default = 0.75, ge = 0, le = 4, recommended = 0.4..=1)]
    pub controlnet_2_conditioning_scale: f64,
    /// Share of the steps after which control picture 2 counts.
    #[input(default = 0, ge = 0, le = 1)]
    pub controlnet_2_start: f64,
    /// Share of the steps until which control picture 2 counts.
    #[input(default = 1, ge = 0, le = 1)]
    pub controlnet_2_end: f64,
    /// Longest side of control picture 2 in pixels.
    #[input(default = 1024, ge = 256, le = 2048, recommended = 512..=1024)]
    pub controlnet_2_max_side: u32,
    /// Whether control picture 2 is used as it is.
    #[input(default = false)]
    pub controlnet_2_preprocessed: bool,
    /// How control picture 2 is brought to size.
    #[input(default = "resize", choices = ["resize", "crop", "pad"])]
    pub controlnet_2_sizing: String,
    /// What the control picture 3 holds.
    #[input(default = "none", choices = ["none", "edge_canny", "depth_leres", "soft_edge", "lineart", "openpose"])]
    pub controlnet_3: String,
    /// Control picture 3.
    #[input(default = None, accept = "image/*")]
    pub controlnet_3_image: Option<Path>,
    /// Strength of control picture 3.
    #[input(default = 0.75, ge = 0, le = 4, recommended = 0.4..=1)]
    pub controlnet_3_conditioning_scale: f64,
    /// Share of the steps after which control picture 3 counts.
    #[input(default = 0, ge = 0, le = 1)]
    pub controlnet_3_start: f64,
    /// Share of the steps until which control picture 3 counts.
    #[input(default = 1, ge = 0, le = 1)]
    pub controlnet_3_end: f64,
    /// Longest side of control picture 3 in pixels.
    #[input(default = 1024, ge = 256, le = 2048, recommended = 512..=1024)]
    pub controlnet_3_max_side: u32,
    /// Whether control picture 3 is used as it is.
    #[input(default = false)]
    pub controlnet_3_preprocessed: bool,
    /// How control picture 3 is brought to size.
    #[input(default = "resize", choices = ["resize", "crop", "pad"])]
    pub controlnet_3_sizing: String,
    /// What the control picture 4 holds.
    #[input(default = "none", choices = ["none", "edge_canny", "depth_leres", "soft_edge", "lineart", "openpose"])]
    pub controlnet_4: String,
    /// Control picture 4.
    #[input(default = None, accept = "image/*")]
    pub controlnet_4_image: Option<Path>,
    /// Strength of control picture 4.
    #[input(default = 0.75, ge = 0, le = 4, recommended = 0.4..=1)]
    pub controlnet_4_conditioning_scale: f64,
    /// Share of the steps after which control picture 4 counts.
    #[input(default = 0, ge = 0, le = 1)]
    pub controlnet_4_start: f64,
    /// Share of the steps until which control picture 4 counts.
    #[input(default = 1, ge = 0, le = 1)]
    pub controlnet_4_end: f64,
    /// Longest side of control picture 4 in pixels.
    #[input(default = 1024, ge = 256, le = 2048, recommended = 512..=1024)]
    pub controlnet_4_max_side: u32,
    /// Whether control picture 4 is used as it is.
    #[input(default = false)]
    pub controlnet_4_preprocessed: bool,
    /// How control picture 4 is brought to size.
    #[input(default = "resize", choices = ["resize", "crop", "pad"])]
    pub controlnet_4_sizing: String,
    /// What the control picture 5 holds.
    #[input(default = "none", choices = ["none", "edge_canny", "depth_leres", "soft_edge", "lineart", "openpose"])]
    pub controlnet_5: String,
    /// Control picture 5.
    #[input(default = None, accept = "image/*")]
    pub controlnet_5_image: Option<Path>,
    /// Strength of control picture 5.
    #[input(default = 0.75, ge = 0, le = 4, recommended = 0.4..=1)]
    pub controlnet_5_conditioning_scale: f64,
    /// Share of the steps after which control picture 5 counts.
    #[input(default = 0, ge = 0, le = 1)]
    pub controlnet_5_start: f64,
    /// Share of the steps until which control picture 5 counts.
    #[input(default = 1, ge = 0, le = 1)]
    pub controlnet_5_end: f64,
    /// Longest side of control picture 5 in pixels.
    #[input(default = 1024, ge = 256, le = 2048, recommended = 512..=1024)]
    pub controlnet_5_max_side: u32,
    /// Whether control picture 5 is used as it is.
    #[input(default = false)]
    pub controlnet_5_preprocessed: bool,
    /// How control picture 5 is brought to size.
    #[input(default = "resize", choices = ["resize", "crop", "pad"])]
    pub controlnet_5_sizing: String,
    /// What the control picture 6 holds.
    #[input(default = "none", choices = ["none", "edge_canny", "depth_leres", "soft_edge", "lineart", "openpose"])]
    pub controlnet_6: String,
    /// Control picture 6.
    #[input(default = None, accept = "image/*")]
    pub controlnet_6_image: Option<Path>,
    /// Strength of control picture 6.
    #[input(default = 0.75, ge = 0, le = 4, recommended = 0.4..=1)]
    pub controlnet_6_conditioning_scale: f64,
    /// Share of the steps after which control picture 6 counts.
    #[input(default = 0, ge = 0, le = 1)]
    pub controlnet_6_start: f64,
    /// Share of the steps until which control picture 6 counts.
    #[input(default = 1, ge = 0, le = 1)]
    pub controlnet_6_end: f64,
    /// Longest side of control picture 6 in pixels.
    #[input(default = 1024, ge = 256, le = 2048, recommended = 512..=1024)]
    pub controlnet_6_max_side: u32,
    /// Whether control picture 6 is used as it is.
    #[input(default = false)]
    pub controlnet_6_preprocessed: bool,
    /// How control picture 6 is brought to size.
    #[input(default = "resize", choices = ["resize", "crop", "pad"])]
    pub controlnet_6_sizing: String,
    /// What the control picture 7 holds.
    #[input(default = "none", choices = ["none", "edge_canny", "depth_leres", "soft_edge", "lineart", "openpose"])]
    pub controlnet_7: String,
    /// Control picture 7.
    #[input(default = None, accept = "image/*")]
    pub controlnet_7_image: Option<Path>,
    /// Strength of control picture 7.
    #[input(default = 0.75, ge = 0, le = 4, recommended = 0.4..=1)]
    pub controlnet_7_conditioning_scale: f64,
    /// Share of the steps after which control picture 7 counts.
    #[input(default = 0, ge = 0, le = 1)]
    pub controlnet_7_start: f64,
    /// Share of the steps until which control picture 7 counts.
    #[input(default = 1, ge = 0, le = 1)]
    pub controlnet_7_end: f64,
    /// Longest side of control picture 7 in pixels.
    #[input(default = 1024, ge = 256, le = 2048, recommended = 512..=1024)]
    pub controlnet_7_max_side: u32,
    /// Whether control picture 7 is used as it is.
    #[input(default = false)]
    pub controlnet_7_preprocessed: bool,
    /// How control picture 7 is brought to size.
    #[input(default = "resize", choices = ["resize", "crop", "pad"])]
    pub controlnet_7_sizing: String,
    /// File format of the results.
    #[input(default = "webp", choices = ["webp", "jpg", "png"])]
    pub output_format: String,
}
