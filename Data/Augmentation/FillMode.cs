namespace IlgpuXai.Data;

/// <summary>What lies around a picture abcd: <c>Nearest</c> aa|abcd|dd, <c>Constant</c> kk|abcd|kk, <c>Reflect</c> ba|abcd|dc, <c>Wrap</c> cd|abcd|ab.</summary>
public enum FillMode { Nearest, Constant, Reflect, Wrap }

static class Fill
{
    /// <summary>The pixel of 0 … size − 1 that stands at <paramref name="at"/>, −1 for the constant.</summary>
    public static int Source(this FillMode mode, int at, int size)
    {
        if ((uint)at < (uint)size) return at;
        switch (mode)
        {
            case FillMode.Constant: return -1;
            case FillMode.Nearest: return at < 0 ? 0 : size - 1;
            case FillMode.Wrap: return Modulo(at, size);
            default:
                int folded = Modulo(at, 2 * size);
                return folded < size ? folded : 2 * size - 1 - folded;
        }
    }

    static int Modulo(int a, int n) => (a % n + n) % n;
}
