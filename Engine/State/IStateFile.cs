namespace IlgpuXai.Engine;

/// <summary>Named arrays of numbers in a file: a model's weights, a training's checkpoint.</summary>
public interface IStateFile
{
    string Path { get; }
    IReadOnlyCollection<string> Names { get; }

    /// <exception cref="KeyNotFoundException">The file has no such name.</exception>
    Shape ShapeOf(string name);

    /// <summary>The numbers as float32, row-major.</summary>
    /// <exception cref="ShapeException">There are more or fewer than <paramref name="values"/> has room for.</exception>
    void Read(string name, Span<float> values);
}

/// <summary>A state file that cannot be used; one line: the file and why.</summary>
public sealed class StateFileException(string path, string reason, Exception? inner = null) : Exception($"{path}: {reason}", inner);
