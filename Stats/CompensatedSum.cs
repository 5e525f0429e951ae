namespace IlgpuXai.Stats;

/// <summary>Σxᵢ with the rounding error of every addition carried along (Neumaier 1974): the error does not grow with the number of terms.</summary>
struct CompensatedSum
{
    double sum, lost;

    public void Add(double x)
    {
        double t = sum + x;
        lost += Math.Abs(sum) >= Math.Abs(x) ? sum - t + x : x - t + sum;
        sum = t;
    }

    public readonly double Value => sum + lost;
}
