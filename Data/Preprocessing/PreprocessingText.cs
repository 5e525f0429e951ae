using System.Globalization;

namespace IlgpuXai.Data;

/// <summary>A <see cref="Preprocessing"/> as text.</summary>
static class PreprocessingText
{
    const int MaxSide = 1 << 15;

    /// <summary>A key, how it is written, and how its value changes a preprocessing; null where the value is none.</summary>
    sealed record Key(string Name, string Expected, Func<Preprocessing, string> Write, Func<Preprocessing, string, Preprocessing?> Read);

    static readonly Key[] s_keys =
    [
        new("resize", "the length of the shorter side, WIDTHxHEIGHT or no", p => p.Resize switch { ShortSide s => $"{s.Pixels}", ExactSize e => $"{e.Width}x{e.Height}", _ => "no" }, (p, v) =>
            v == "no" ? p with { Resize = null } : Side(v) is { } side ? p with { Resize = new ShortSide(side) } : Size(v) is { } size ? p with { Resize = new ExactSize(size.Width, size.Height) } : null),
        new("crop", "a length, WIDTHxHEIGHT or no", p => p.Crop is not { } c ? "no" : c.Width == c.Height ? $"{c.Width}" : $"{c.Width}x{c.Height}", (p, v) =>
            v == "no" ? p with { Crop = null } : Side(v) is { } side ? p with { Crop = new(side) } : Size(v) is { } size ? p with { Crop = new(size.Width, size.Height) } : null),
        Word("filter", p => p.Filter, (p, filter) => p with { Filter = filter }),
        Flag("antialias", p => p.Antialias, (p, antialias) => p with { Antialias = antialias }),
        Word("colours", p => p.Colours, (p, colours) => p with { Colours = colours }),
        Flag("invert", p => p.Invert, (p, invert) => p with { Invert = invert }),
        Flag("bgr", p => p.Values.Bgr, (p, bgr) => p with { Values = p.Values with { Bgr = bgr } }),
        new("divide", "a number above 0", p => Text(p.Values.Divisor), (p, v) => Number(v) is { } divisor and > 0 ? p with { Values = p.Values with { Divisor = divisor } } : null),
        new("mean", "one number, or one per channel (a/b/c)", p => Text(p.Values.Mean), (p, v) => Numbers(v) is { } mean ? p with { Values = p.Values with { Mean = mean } } : null),
        new("std", "one number above 0, or one per channel (a/b/c)", p => Text(p.Values.Std), (p, v) =>
            Numbers(v) is { First: > 0, Second: > 0, Third: > 0 } std ? p with { Values = p.Values with { Std = std } } : null),
    ];

    public static string Of(Preprocessing p)
    {
        foreach (var (name, preset) in Preprocessing.Presets)
            if (p == preset) return name;
        return string.Join(',', s_keys.Where(k => k.Write(p) != k.Write(Preprocessing.None)).Select(k => $"{k.Name}={k.Write(p)}").Prepend("none"));
    }

    public static Preprocessing Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var result = Preprocessing.None;
        string[] words = text.Split(',');
        for (int i = 0; i < words.Length; i++)
        {
            string word = words[i].Trim().ToLowerInvariant();
            int equals = word.IndexOf('=', StringComparison.Ordinal);
            result = equals >= 0 ? Change(text, result, word[..equals].Trim(), word[(equals + 1)..].Trim()) : i == 0 ? Preset(text, word) : throw Wrong(text, $"'{word}' is no key=value");
        }
        if (!result.Antialias && result.Filter is ResizeFilter.Box or ResizeFilter.Lanczos) throw Wrong(text, "box and lanczos are always antialiased");
        return result;
    }

    static Preprocessing Preset(string text, string name)
    {
        foreach (var (known, preset) in Preprocessing.Presets)
            if (known == name) return preset;
        throw Wrong(text, $"'{name}' is no preset; there are {string.Join(", ", Preprocessing.Presets.Select(p => p.Name))}");
    }

    static Preprocessing Change(string text, Preprocessing p, string name, string value)
    {
        var key = Array.Find(s_keys, k => k.Name == name) ?? throw Wrong(text, $"'{name}' is no key; there are {string.Join(", ", s_keys.Select(k => k.Name))}");
        return key.Read(p, value) ?? throw Wrong(text, $"{name} '{value}': {key.Expected} was expected");
    }

    static FormatException Wrong(string text, string reason) => new($"preprocessing '{text.ReplaceLineEndings(" ")}': {reason}");

    static Key Word<T>(string name, Func<Preprocessing, T> get, Func<Preprocessing, T, Preprocessing> with) where T : struct, Enum => new(name, string.Join(", ", Enum.GetNames<T>()).ToLowerInvariant(),
        p => get(p).ToString().ToLowerInvariant(), (p, v) => char.IsAsciiLetter(v.FirstOrDefault()) && Enum.TryParse(v, ignoreCase: true, out T value) && Enum.IsDefined(value) ? with(p, value) : null);

    static Key Flag(string name, Func<Preprocessing, bool> get, Func<Preprocessing, bool, Preprocessing> with) =>
        new(name, "yes or no", p => get(p) ? "yes" : "no", (p, v) => v is "yes" or "no" ? with(p, v == "yes") : null);

    static int? Side(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int n) && n is >= 1 and <= MaxSide ? n : null;

    static (int Width, int Height)? Size(string text) => text.Split('x') is [var w, var h] && Side(w) is { } width && Side(h) is { } height ? (width, height) : null;

    static float? Number(string text) => float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out float v) && float.IsFinite(v) ? v : null;

    static ChannelValues? Numbers(string text) => text.Split('/') switch
    {
        [var all] => Number(all) is { } v ? new ChannelValues(v) : null,
        [var a, var b, var c] => Number(a) is { } first && Number(b) is { } second && Number(c) is { } third ? new ChannelValues(first, second, third) : null,
        _ => null,
    };

    static string Text(float v) => v.ToString("R", CultureInfo.InvariantCulture);

    static string Text(ChannelValues v) => v == new ChannelValues(v.First) ? Text(v.First) : $"{Text(v.First)}/{Text(v.Second)}/{Text(v.Third)}";
}
