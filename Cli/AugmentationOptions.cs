using System.CommandLine;
using IlgpuXai.Data;

namespace IlgpuXai.Cli;

/// <summary>Random changes of pictures as options; what is not asked for does not happen.</summary>
sealed class AugmentationOptions
{
    readonly Option<double?> _rotation = Options.Number("--rotation", "rotated by up to this many degrees, either way", 0, 180);
    readonly Option<double?> _shift = Options.Number("--shift", "shifted by up to this part of width and height", 0, 1);
    readonly Option<double?> _shear = Options.Number("--shear", "sheared by up to this many degrees, either way", 0, 89);
    readonly Option<double?> _zoom = Options.Number("--zoom", "width and height scaled by factors between 1 − X and 1 + X", 0, 0.99);
    readonly Option<double?> _brightness = Options.Number("--brightness", "values multiplied by a factor between 1 − X and 1 + X", 0, 1);
    readonly Option<bool> _flip = new("--flip") { Description = "left and right exchanged, every second time" };
    readonly Option<bool> _flipVertical = new("--flip-vertical") { Description = "top and bottom exchanged, every second time" };
    readonly Option<FillMode> _fill = Options.Choice("--fill", "what comes in from outside", FillMode.Nearest, [.. Enum.GetValues<FillMode>().Select(f => (f.ToString().ToLowerInvariant(), f))]);
    readonly Option<int?> _constant = Options.Whole("--constant", "the value outside with --fill constant (default: 0)", 0, 255);
    readonly Option<ulong?> _seed = Options.Seed();

    public IEnumerable<Option> All => [_rotation, _shift, _shear, _zoom, _flip, _flipVertical, _brightness, _fill, _constant, _seed];

    public ulong? Seed(ParseResult parsed) => parsed.GetValue(_seed);

    public Augmentation Create(ParseResult parsed)
    {
        var steps = new List<AugmentationStep>();
        if (parsed.GetValue(_flip)) steps.Add(new HorizontalFlip());
        if (parsed.GetValue(_flipVertical)) steps.Add(new VerticalFlip());
        Add(_zoom, x => new Zoom(1 - x, 1 + x));
        Add(_shear, x => new Shear(x));
        Add(_rotation, x => new Rotation(x));
        Add(_shift, x => new Shift(x));
        Add(_brightness, x => new Brightness(1 - x, 1 + x));
        return new(steps, parsed.GetValue(_seed) ?? 0, parsed.GetValue(_fill), (byte)(parsed.GetValue(_constant) ?? 0));

        void Add(Option<double?> option, Func<double, AugmentationStep> step)
        {
            if (parsed.GetValue(option) is > 0 and { } x) steps.Add(step(x));
        }
    }
}
