namespace IlgpuXai.Xai;

/// <summary>A colour for every t in [0, 1]: straight lines in sRGB between control points at equal distances.</summary>
/// <remarks>t below 0 or above 1 takes the colour of the end; NaN takes <see cref="Missing"/>.</remarks>
public sealed class ColourMap
{
    readonly Rgb[] _points;

    ColourMap(string name, bool isDiverging, params int[] points) => (Name, IsDiverging, _points) = (name, isDiverging, Array.ConvertAll(points, Rgb.FromHex));

    /// <summary>The word that selects it on the command line.</summary>
    public string Name { get; }

    /// <summary>True if the middle colour means zero, so that the scale has to be symmetric.</summary>
    public bool IsDiverging { get; }

    /// <summary>What a value that is not a number looks like: a green none of the maps holds.</summary>
    public static Rgb Missing { get; } = new(0, 255, 0);

    /// <summary>Perceptually even, readable without colour. Van der Walt and Smith, 2015 (CC0); 33 of the 256 published colours, which the lines between meet within 2 of 255.</summary>
    public static ColourMap Viridis { get; } = new("viridis", false,
        0x440154, 0x470D60, 0x48186A, 0x482374, 0x472D7B, 0x453681, 0x424086, 0x3F4989, 0x3B528B, 0x375A8D, 0x33638D,
        0x2F6A8E, 0x2C728E, 0x297A8E, 0x26818E, 0x23898E, 0x21908C, 0x1F988B, 0x1F9F88, 0x21A685, 0x28AE80, 0x31B57B,
        0x3EBC74, 0x4CC26C, 0x5DC963, 0x6ECE58, 0x82D34C, 0x96D83F, 0xABDC32, 0xC0DF24, 0xD5E21A, 0xEAE51A, 0xFDE725);

    /// <summary>The rainbow of older papers, for comparison with their figures: red = 1.5 − |4t − 3|, green = 1.5 − |4t − 2|, blue = 1.5 − |4t − 1|, each cut to [0, 1].</summary>
    public static ColourMap Jet { get; } = new("jet", false, 0x000080, 0x0000FF, 0x0080FF, 0x00FFFF, 0x80FF80, 0xFFFF00, 0xFF8000, 0xFF0000, 0x800000);

    public static ColourMap Grey { get; } = new("grey", false, 0x000000, 0xFFFFFF);

    /// <summary>Blue below, near-white at, red above zero: RdBu with 11 classes, reversed. Cynthia Brewer, ColorBrewer 2.0 (colorbrewer2.org); safe for colour-blind readers.</summary>
    public static ColourMap BlueRed { get; } = new("blue-red", true,
        0x053061, 0x2166AC, 0x4393C3, 0x92C5DE, 0xD1E5F0, 0xF7F7F7, 0xFDDBC7, 0xF4A582, 0xD6604D, 0xB2182B, 0x67001F);

    public static IReadOnlyList<ColourMap> All { get; } = [BlueRed, Viridis, Jet, Grey];

    public Rgb this[double t]
    {
        get
        {
            if (double.IsNaN(t)) return Missing;
            double at = Math.Clamp(t, 0, 1) * (_points.Length - 1);
            int i = Math.Min((int)at, _points.Length - 2);
            return Rgb.Mix(_points[i], _points[i + 1], at - i);
        }
    }
}
