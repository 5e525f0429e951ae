namespace IlgpuXai.Experiments;

/// <summary>Where work tells how far it is. The command line draws it; a library user may ignore it.</summary>
public interface IReporter
{
    /// <summary>One line for the person waiting.</summary>
    void Note(string text);

    /// <param name="total">Items of the stage, at least 1.</param>
    IStage Begin(string name, string unit, int total);
}

/// <summary>A stretch of work with a known number of items; disposed at its end.</summary>
public interface IStage : IDisposable
{
    void Advance(int items = 1);
}

/// <summary>Says nothing.</summary>
public sealed class Silent : IReporter, IStage
{
    public void Note(string text) { }
    public IStage Begin(string name, string unit, int total) => this;
    public void Advance(int items = 1) { }
    public void Dispose() { }
}
