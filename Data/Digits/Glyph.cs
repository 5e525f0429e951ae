namespace IlgpuXai.Data;

/// <summary>One way of writing a digit: strokes, each a list of points the pen passes through; at a corner it stops and turns, elsewhere it moves on smoothly.</summary>
sealed class Glyph
{
    Glyph(IReadOnlyList<IReadOnlyList<Knot>> strokes) => Strokes = strokes;

    public IReadOnlyList<IReadOnlyList<Knot>> Strokes { get; }

    /// <summary>A point of a skeleton: x to the right, y down, the digit 100 units high.</summary>
    public readonly record struct Knot(double X, double Y, bool Corner);

    /// <summary>Points <c>x,y</c> separated by blanks, <c>!</c> after a corner, <c>|</c> between strokes.</summary>
    public static Glyph Parse(string text) => new(
        [.. text.Split('|').Select(stroke => (IReadOnlyList<Knot>)[.. stroke.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(ParseKnot)])]);

    static Knot ParseKnot(string text)
    {
        bool corner = text.EndsWith('!');
        string[] xy = text.TrimEnd('!').Split(',');
        return new Knot(int.Parse(xy[0]), int.Parse(xy[1]), corner);
    }
}
