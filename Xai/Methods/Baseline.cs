using System.Globalization;
using IlgpuXai.Engine;

namespace IlgpuXai.Xai;

/// <summary>What stands in the place of a covered pixel: "nothing to see here". Results depend on it, so a report names it.</summary>
public abstract record Baseline
{
    Baseline() { }

    /// <summary>The same value everywhere.</summary>
    public sealed record Constant(float Value) : Baseline
    {
        public override string ToString() => Value.ToString("r", CultureInfo.InvariantCulture);
        private protected override float[] Of(float[] image, int channels, int height, int width) => Filled(image.Length, Value);
    }

    /// <summary>The image's own mean, channel by channel: covers without changing the brightness.</summary>
    public sealed record Mean : Baseline
    {
        public override string ToString() => "mean";

        private protected override float[] Of(float[] image, int channels, int height, int width)
        {
            var baseline = new float[image.Length];
            int plane = height * width;
            for (int c = 0; c < channels; c++)
            {
                double sum = 0;
                for (int i = 0; i < plane; i++) sum += image[c * plane + i];
                baseline.AsSpan(c * plane, plane).Fill((float)(sum / plane));
            }
            return baseline;
        }
    }

    /// <summary>The image under a Gaussian of <paramref name="Sigma"/> pixels, borders repeated: removes detail and keeps the surroundings' tone.</summary>
    public sealed record Blur(double Sigma) : Baseline
    {
        public override string ToString() => $"blur:{Sigma.ToString("r", CultureInfo.InvariantCulture)}";

        private protected override float[] Of(float[] image, int channels, int height, int width) => GaussianBlur.Apply(image, channels, height, width, Sigma);
    }

    /// <summary>One value per channel, such as a data set's mean colour.</summary>
    public sealed record PerChannel : Baseline
    {
        readonly float[] _values;

        public PerChannel(params ReadOnlySpan<float> values) => _values = values.ToArray();

        public override int? Channels => _values.Length;
        public override string ToString() => string.Join(',', _values.Select(v => v.ToString("r", CultureInfo.InvariantCulture)));
        public bool Equals(PerChannel? other) => other is not null && _values.AsSpan().SequenceEqual(other._values);
        public override int GetHashCode() => _values.Aggregate(_values.Length, HashCode.Combine);

        private protected override float[] Of(float[] image, int channels, int height, int width)
        {
            if (_values.Length != channels) throw new ArgumentException($"baseline: {_values.Length} values for an image of {channels} channel{(channels == 1 ? "" : "s")}");
            var baseline = new float[image.Length];
            for (int i = 0; i < baseline.Length; i++) baseline[i] = _values[i / (height * width)];
            return baseline;
        }
    }

    /// <summary>How many channels an image must have; null where any number will do.</summary>
    public virtual int? Channels => null;

    /// <summary>The values that replace covered pixels of <paramref name="image"/>; both [C, H, W].</summary>
    public float[] For(float[] image, int channels, int height, int width)
    {
        ArgumentNullException.ThrowIfNull(image);
        if (image.Length != channels * height * width) throw new ArgumentException($"baseline: {image.Length} values are not an image of {channels}×{height}×{width}");
        return Of(image, channels, height, width);
    }

    /// <summary>The same for images [N, C, H, W] on a device, each by itself.</summary>
    internal Tensor For(Tensor x)
    {
        float[] images = x.ToArray(), baselines = new float[images.Length];
        for (int at = 0, size = x.Shape[1..].Elements; at < images.Length; at += size) For(images[at..(at + size)], x.Shape[1], x.Shape[2], x.Shape[3]).CopyTo(baselines, at);
        return x.Device.Tensor(x.Shape, baselines);
    }

    private protected abstract float[] Of(float[] image, int channels, int height, int width);

    /// <summary>A number, <c>mean</c>, <c>blur</c> (σ = 3), <c>blur:SIGMA</c>, or one number per channel with commas between: what <see cref="object.ToString"/> writes.</summary>
    /// <exception cref="FormatException">None of these.</exception>
    public static Baseline Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text == "mean") return new Mean();
        if (text == "blur") return new Blur(3);
        if (text.StartsWith("blur:", StringComparison.Ordinal) && double.TryParse(text.AsSpan(5), NumberStyles.Float, CultureInfo.InvariantCulture, out double sigma) && sigma is > 0 and < 1000)
            return new Blur(sigma);
        string[] parts = text.Split(',');
        var values = new float[parts.Length];
        for (int i = 0; i < parts.Length; i++)
            if (!float.TryParse(parts[i], NumberStyles.Float, CultureInfo.InvariantCulture, out values[i]) || !float.IsFinite(values[i]))
                throw new FormatException($"baseline '{text}' is none of: a number, mean, blur, blur:SIGMA, or one number per channel with commas between");
        return values.Length == 1 ? new Constant(values[0]) : new PerChannel(values);
    }

    static float[] Filled(int length, float value)
    {
        var values = new float[length];
        values.AsSpan().Fill(value);
        return values;
    }
}
