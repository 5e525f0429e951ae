namespace IlgpuXai.Data;

/// <summary>Pictures of another size, and of other colours.</summary>
public static class ImageResize
{
    /// <summary>Samples of the largest picture that is made: what <see cref="ImageFile"/> reads, too.</summary>
    public const int MaxSamples = ImageFile.MaxSamples;

    /// <summary>The picture resized to <paramref name="width"/>×<paramref name="height"/>, or a window of that, which costs only its share.</summary>
    /// <param name="image">8 bits, grey or RGB: alpha would have to be multiplied in first.</param>
    /// <param name="antialias">True for Pillow's way, whose filters widen as the picture shrinks; false for PyTorch's, which reads 2×2 or 4×4 pixels at any size (bilinear and bicubic only).
    /// Nearest is Pillow's in either case.</param>
    /// <exception cref="ArgumentException">No 8-bit picture of 1 or 3 channels, a window outside the result, or more than <see cref="MaxSamples"/>.</exception>
    public static Image Resize(this Image image, int width, int height, ResizeFilter filter = ResizeFilter.Bilinear, bool antialias = true, PixelWindow? window = null)
    {
        ArgumentNullException.ThrowIfNull(image);
        var w = window ?? new(0, 0, width, height);
        if (image.Channels is not (1 or 3) || image.BitDepth != 8) throw new ArgumentException($"resize: {image.Channels} channels of {image.BitDepth} bits, 1 or 3 of 8 bits were expected");
        if (width < 1 || height < 1 || w.Width < 1 || w.Height < 1 || w.Left < 0 || w.Top < 0 || w.Right > width || w.Bottom > height)
            throw new ArgumentException($"resize: {w.Width}×{w.Height} from ({w.Left}, {w.Top}) is no window of {width}×{height}");
        if ((long)w.Width * w.Height * image.Channels > MaxSamples || (long)w.Width * image.Height * image.Channels > MaxSamples)
            throw new ArgumentException($"resize: {image.Width}×{image.Height} to {width}×{height} needs more than {MaxSamples} samples");
        if (!antialias && filter is ResizeFilter.Box or ResizeFilter.Lanczos) throw new ArgumentException($"resize: {filter} is always antialiased");
        byte[] samples = width == image.Width && height == image.Height ? Cut(image, w)
            : filter == ResizeFilter.Nearest ? Nearest(image, width, height, w)
            : antialias ? AntialiasedResize.Run(image.Bytes, image.Width, image.Height, image.Channels, width, height, filter, w)
            : SampledResize.Run(image.Bytes, image.Width, image.Height, image.Channels, width, height, filter, w);
        return new(w.Width, w.Height, image.Channels, samples);
    }

    static byte[] Cut(Image image, PixelWindow w)
    {
        int c = image.Channels;
        var to = new byte[w.Width * w.Height * c];
        for (int y = 0; y < w.Height; y++) image.Bytes.Slice(((w.Top + y) * image.Width + w.Left) * c, w.Width * c).CopyTo(to.AsSpan(y * w.Width * c));
        return to;
    }

    static byte[] Nearest(Image image, int width, int height, PixelWindow w)
    {
        int c = image.Channels;
        int[] across = Indices(image.Width, width, w.Left, w.Width), down = Indices(image.Height, height, w.Top, w.Height);
        var from = image.Bytes;
        var to = new byte[w.Width * w.Height * c];
        for (int y = 0, i = 0; y < w.Height; y++)
            for (int x = 0; x < w.Width; x++)
                for (int k = 0; k < c; k++) to[i++] = from[(down[y] * image.Width + across[x]) * c + k];
        return to;
    }

    // Pillow adds the step again and again; the rounding of that sum decides which pixel is nearest where two are.
    static int[] Indices(int from, int to, int start, int count)
    {
        var indices = new int[count];
        double step = (double)from / to, at = step * 0.5;
        for (int i = 0; i < start + count; i++, at += step)
            if (i >= start) indices[i - start] = Math.Min((int)at, from - 1);
        return indices;
    }

    /// <summary>Three channels of 8 bits, as Pillow's <c>convert("RGB")</c>: grey is copied to each, alpha is dropped, whatever colour lies under it. 16 bits are rounded (<see cref="Image.To8Bit"/>).</summary>
    public static Image ToRgb(this Image image)
    {
        ArgumentNullException.ThrowIfNull(image);
        image = image.To8Bit();
        if (image.Channels == 3) return image;
        var from = image.Bytes;
        var to = new byte[image.Width * image.Height * 3];
        int c = image.Channels, green = c == 4 ? 1 : 0, blue = c == 4 ? 2 : 0;
        for (int i = 0, o = 0; o < to.Length; i += c, o += 3) (to[o], to[o + 1], to[o + 2]) = (from[i], from[i + green], from[i + blue]);
        return new(image.Width, image.Height, 3, to);
    }

    /// <summary>One channel of 8 bits, as Pillow's <c>convert("L")</c>: (19595 R + 38470 G + 7471 B + 2¹⁵) / 2¹⁶, which is the luma of ITU-R BT.601. Alpha is dropped; 16 bits are rounded first.</summary>
    public static Image ToGrey(this Image image)
    {
        ArgumentNullException.ThrowIfNull(image);
        image = image.To8Bit();
        if (image.Channels == 1) return image;
        var from = image.Bytes;
        var to = new byte[image.Width * image.Height];
        int c = image.Channels;
        for (int i = 0, o = 0; o < to.Length; i += c, o++)
            to[o] = c == 2 ? from[i] : (byte)((19595 * from[i] + 38470 * from[i + 1] + 7471 * from[i + 2] + 0x8000) >> 16);
        return new(image.Width, image.Height, 1, to);
    }
}
