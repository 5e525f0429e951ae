namespace IlgpuXai.Simt;

/// <summary>A kernel did something wrong while it ran. The message has one line per finding, each with kernel, place and thread.</summary>
public sealed class SimtException(IReadOnlyList<string> findings) : Exception(string.Join(Environment.NewLine, findings))
{
    public SimtException(string finding) : this([finding]) { }

    public IReadOnlyList<string> Findings { get; } = findings;
}
