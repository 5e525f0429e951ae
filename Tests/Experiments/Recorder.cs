using IlgpuXai.Experiments;

namespace IlgpuXai.Tests;

/// <summary>Remembers what was reported, and does something when a note begins with a word.</summary>
sealed class Recorder(string? word = null, Action? then = null) : IReporter
{
    public List<string> Notes { get; } = [];

    public void Note(string text)
    {
        Notes.Add(text);
        if (word is not null && text.StartsWith(word, StringComparison.Ordinal)) then?.Invoke();
    }

    public IStage Begin(string name, string unit, int total) => new Silent();
}
