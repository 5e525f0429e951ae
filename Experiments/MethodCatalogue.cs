using IlgpuXai.Engine;
using IlgpuXai.Xai;

namespace IlgpuXai.Experiments;

/// <summary>A way to explain that can be named on the command line.</summary>
/// <param name="Create">
/// The method with these settings, for images of this shape [C, H, W].
/// Throws a <see cref="UsageException"/> where the baseline is none, or is meant for another number of channels.
/// </param>
public sealed record MethodEntry(string Name, string Description, string Source, Func<MethodPreset, Shape, Occlusion> Create);

/// <summary>The methods that can be named, in a preset or on the command line.</summary>
public static class MethodCatalogue
{
    public static IReadOnlyList<MethodEntry> All { get; } =
    [
        new("occlusion", "covers a sliding window and maps how far the score drops; averaged over the windows that cover a pixel", "Zeiler and Fergus 2014", Occlusion),
    ];

    /// <exception cref="UnknownNameException">There is no such method.</exception>
    public static MethodEntry Find(string name) => All.FirstOrDefault(m => m.Name == name) ?? throw new UnknownNameException("method", name, [.. All.Select(m => m.Name)]);

    static Occlusion Occlusion(MethodPreset settings, Shape image) =>
        new(settings.Window, settings.Window, settings.Stride, settings.Stride, BaselineFor(settings.Baseline, image[0]));

    static Baseline BaselineFor(string text, int channels)
    {
        Baseline baseline;
        try { baseline = Baseline.Parse(text); }
        catch (FormatException e) { throw new UsageException(e.Message, e); }
        return baseline.Channels is not { } values || values == channels ? baseline
            : throw new UsageException($"baseline '{text}': {values} values for images of {channels} channel{(channels == 1 ? "" : "s")}");
    }
}
