using System.Text.Json.Nodes;
using IlgpuXai.Data;

namespace IlgpuXai.Bench;

/// <summary>
/// One picture prepared for a network: from an array of bytes [H, W, C] (so that only resizing and normalising are timed) or from its file. The first run leaves the bytes
/// and the values, <c>OUT.picture.npy</c> [H, W, C] and <c>OUT.values.npy</c> [C, H, W]; without OUT only bytes are made.
/// </summary>
sealed class PreprocessWork : IWork
{
    readonly Preprocessing _preprocessing;
    readonly Func<Image> _source;
    readonly bool _pictureOnly;
    string? _out;

    public PreprocessWork(JsonObject what)
    {
        string path = what["path"]!.GetValue<string>();
        _preprocessing = Preprocessing.Parse(what["preprocessing"]!.GetValue<string>());
        _out = what["out"]?.GetValue<string>();
        _pictureOnly = _out is null;
        if (path.EndsWith(".npy", StringComparison.Ordinal))
        {
            var array = Npy.Read(path);
            var image = new Image(array.Shape[1], array.Shape[0], array.Shape[2], array.As<byte>());
            _source = () => image;
        }
        else _source = () => ImageFile.Read(path);
    }

    public void Run()
    {
        if (_pictureOnly)
        {
            _preprocessing.Picture(_source());
            return;
        }
        var input = _preprocessing.Apply(_source());
        if (_out is not { } name) return;
        int width = input.Picture.Width, height = input.Picture.Height, channels = input.Picture.Channels;
        Npy.Write(name + ".picture.npy", new NpyArray(input.Picture.Bytes.ToArray(), height, width, channels));
        Npy.Write(name + ".values.npy", input.Values, channels, height, width);
        _out = null;
    }

    public void Dispose() { }
}
