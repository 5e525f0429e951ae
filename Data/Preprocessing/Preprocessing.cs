using System.Text.Json.Serialization;

namespace IlgpuXai.Data;

/// <summary>What the channels of a network's input are.</summary>
public enum Colours { Rgb, Grey }

/// <summary>
/// From a picture to a network's input, as PIL, torchvision and Keras do it: colours, then size, then the middle of it, all in bytes; then numbers. As text it is a preset and what differs from
/// it, <c>imagenet,resize=232</c> (<see cref="Parse"/>), in JSON too.
/// </summary>
/// <param name="Resize">Null keeps the size.</param>
/// <param name="Crop">Null keeps all of the picture.</param>
/// <param name="Antialias">See <see cref="ImageResize.Resize"/>.</param>
/// <param name="Invert">v ↦ 255 − v before anything else: for dark ink on light paper where the network was trained on light ink.</param>
[JsonConverter(typeof(PreprocessingJson))]
public sealed record Preprocessing(ResizeRule? Resize, CentreCrop? Crop, Normalisation Values, Colours Colours = Colours.Rgb, ResizeFilter Filter = ResizeFilter.Bilinear, bool Antialias = true, bool Invert = false)
{
    /// <summary>Colours in [0, 1], of the picture's own size.</summary>
    public static Preprocessing None { get; } = new(null, null, Normalisation.Unit);

    /// <summary>torchvision's classification networks: shorter side 256, the middle 224×224.</summary>
    public static Preprocessing ImageNet { get; } = new(new ShortSide(256), new(224), Normalisation.ImageNet);

    /// <summary>ImageNet's geometry with the values of Keras' mode <c>caffe</c> (VGG, ResNet v1).</summary>
    public static Preprocessing Caffe { get; } = ImageNet with { Values = Normalisation.Caffe };

    /// <summary>ImageNet's geometry with the values of Keras' mode <c>tf</c> (Inception, MobileNet).</summary>
    public static Preprocessing SignedUnit { get; } = ImageNet with { Values = Normalisation.SignedUnit };

    /// <summary>32×32 with ImageNet's mean and standard deviation.</summary>
    public static Preprocessing Cifar10 { get; } = new(new ExactSize(32, 32), null, Normalisation.ImageNet);

    /// <summary>Grey, 28×28, in [0, 1].</summary>
    public static Preprocessing Mnist { get; } = new(new ExactSize(28, 28), null, Normalisation.Unit, Colours.Grey);

    /// <summary>The presets by name.</summary>
    public static IReadOnlyList<(string Name, Preprocessing Preset)> Presets { get; } =
        [("none", None), ("imagenet", ImageNet), ("caffe", Caffe), ("tf", SignedUnit), ("cifar10", Cifar10), ("mnist", Mnist)];

    public int Channels => Colours == Colours.Grey ? 1 : 3;

    /// <summary>The size of the input that a picture of this size becomes.</summary>
    public (int Width, int Height) SizeOf(int width, int height) => Crop is { } crop ? (crop.Width, crop.Height) : Resize?.SizeOf(width, height) ?? (width, height);

    /// <exception cref="ArgumentException">The result would hold more than <see cref="ImageResize.MaxSamples"/>.</exception>
    public PreprocessedImage Apply(Image image)
    {
        var picture = Picture(image);
        return new(picture, Values.Apply(picture), Note(image));
    }

    /// <inheritdoc cref="Apply(Image)"/>
    /// <exception cref="DataException">The file is no readable picture, or one that cannot get this size.</exception>
    public PreprocessedImage Read(string path)
    {
        var image = ImageFile.Read(path);
        try { return Apply(image); }
        catch (ArgumentException e) { throw new DataException(path, e.Message, e); }
    }

    /// <summary>The first half of <see cref="Apply(Image)"/>: the picture in bytes, which may still be changed before <see cref="Values"/> makes numbers of it.</summary>
    public Image Picture(Image image)
    {
        ArgumentNullException.ThrowIfNull(image);
        image = Colours == Colours.Grey || image.Channels < 3 ? image.ToGrey() : image.ToRgb();
        if (Invert) image = new(image.Width, image.Height, image.Channels, Array.ConvertAll(image.Bytes.ToArray(), v => (byte)(255 - v)));
        var (width, height) = Resize?.SizeOf(image.Width, image.Height) ?? (image.Width, image.Height);
        image = Crop is null ? image.Resize(width, height, Filter, Antialias) : Cropped(image, width, height, Crop);
        // Grey is resized once and copied afterwards, which gives the same bytes.
        return Colours == Colours.Grey ? image : image.ToRgb();
    }

    Image Cropped(Image image, int width, int height, CentreCrop crop)
    {
        var (left, top) = crop.In(width, height);
        var window = new PixelWindow(Math.Max(left, 0), Math.Max(top, 0), Math.Min(crop.Width, width), Math.Min(crop.Height, height));
        var inside = image.Resize(width, height, Filter, Antialias, window);
        if (window.Width == crop.Width && window.Height == crop.Height) return inside;
        var (c, samples) = (image.Channels, new byte[crop.Width * crop.Height * image.Channels]);
        int right = Math.Max(-left, 0), down = Math.Max(-top, 0);
        for (int y = 0; y < window.Height; y++) inside.Bytes.Slice(y * window.Width * c, window.Width * c).CopyTo(samples.AsSpan(((down + y) * crop.Width + right) * c));
        return new(crop.Width, crop.Height, c, samples);
    }

    string? Note(Image image)
    {
        var steps = new List<string>();
        if (image.BitDepth != 8) steps.Add($"rounded from {image.BitDepth} bits to 8");
        if (image.Channels is 2 or 4) steps.Add("transparency dropped");
        if (Colours == Colours.Grey && image.Channels > 2) steps.Add("turned grey");
        if (Invert) steps.Add("inverted");
        var (width, height) = Resize?.SizeOf(image.Width, image.Height) ?? (image.Width, image.Height);
        if ((width, height) != (image.Width, image.Height)) steps.Add($"resized from {image.Width}×{image.Height} to {width}×{height}");
        if (Crop is { } crop && (crop.Width, crop.Height) != (width, height))
            steps.Add($"{(crop.Width < width || crop.Height < height ? "cropped" : "padded")} to {crop.Width}×{crop.Height}");
        return steps.Count == 0 ? null : string.Join(", ", steps);
    }

    /// <summary>Reads what <see cref="ToString"/> writes, and what people type: a preset, <c>key=value</c> pairs, or both, separated by commas.</summary>
    /// <exception cref="FormatException">One line: what is wrong, what was expected.</exception>
    public static Preprocessing Parse(string text) => PreprocessingText.Parse(text);

    /// <summary>The name of a preset, or <c>none</c> and every key that differs from it.</summary>
    public override string ToString() => PreprocessingText.Of(this);
}
