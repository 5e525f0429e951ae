"""What Pillow decodes from the JPEG files of the real data: for each file its path below the data folder, width, height, and the first 16
digits of the SHA-256 of its RGB samples, orientation applied.

    /usr/bin/python3 make_photograph_sums.py DATA

writes photograph-sums.txt. Made with Python 3.11.2, Pillow 9.4.0 and libjpeg-turbo 2.1.5.
"""
import glob, hashlib, os, sys
from PIL import Image, ImageOps

with open("photograph-sums.txt", "w") as out:
    for path in sorted(glob.glob(os.path.join(sys.argv[1], "**", "*"), recursive=True)):
        if path.lower().endswith((".jpg", ".jpeg")):
            image = ImageOps.exif_transpose(Image.open(path)).convert("RGB")
            digest = hashlib.sha256(image.tobytes()).hexdigest()[:16]
            out.write("%s %d %d %s\n" % (os.path.relpath(path, sys.argv[1]), image.width, image.height, digest))
