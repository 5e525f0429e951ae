namespace IlgpuXai.Engine;

/// <summary>Named arrays of numbers in a file: a model's weights, a training's checkpoint.</summary>
/// <remarks>Reading is safe from several threads at once.</remarks>
public interface IStateFile : IDisposable
{
    string Path { get; }

    /// <summary>The kind of file, for people: <c>safetensors</c>, <c>PyTorch zip</c>.</summary>
    string Format { get; }

    /// <summary>Free text that came along.</summary>
    IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>As they are stored; what a module calls them is <see cref="StateNames"/>' business.</summary>
    IReadOnlyCollection<string> Names { get; }

    /// <exception cref="KeyNotFoundException">The file has no such name.</exception>
    Shape ShapeOf(string name);

    /// <inheritdoc cref="ShapeOf"/>
    DType TypeOf(string name);

    /// <summary>The numbers as float32, row-major.</summary>
    /// <exception cref="ShapeException">There are more or fewer than <paramref name="values"/> has room for.</exception>
    /// <exception cref="StateFileException">The array is damaged.</exception>
    void Read(string name, Span<float> values);

    /// <summary>The numbers as they are stored, row-major.</summary>
    /// <inheritdoc cref="Read"/>
    void ReadBytes(string name, Span<byte> bytes);
}

/// <summary>A state file that cannot be used; one line: the file and why.</summary>
public sealed class StateFileException(string path, string reason, Exception? inner = null) : Exception($"{path}: {reason.ReplaceLineEndings(" ")}", inner);
