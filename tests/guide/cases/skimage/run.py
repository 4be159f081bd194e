from cog import BaseRunner, Input, Path
from skimage import io


class Runner(BaseRunner):
    def run(self, image: Path = Input(description="Photo to restore: JPEG, PNG, GIF or WebP.")) -> Path:
        """Restore a photo."""
        return self.model(io.imread(str(image)))
