namespace MiniPlane.Workloads.Translation;

/// <summary>What a typed annotation may hold.</summary>
internal enum AnnotationForm
{
    /// <summary>Any text on one line.</summary>
    Text,

    /// <summary>A word without white space.</summary>
    Word,

    Number,

    /// <summary>From 1 on: sbatch takes no other number of tasks or CPUs.</summary>
    Count,

    /// <summary>From 0 on.</summary>
    Rank,

    /// <summary><c>2</c> or <c>2-4</c>.</summary>
    NumberRange,

    /// <summary>Slurm's time limits.</summary>
    Duration,

    /// <summary>Minutes (Slinky).</summary>
    Minutes,

    /// <summary><c>1000</c>, <c>4G</c> (Slurm's sizes) or <c>4Gi</c> (Kubernetes').</summary>
    Size,

    /// <summary><c>true</c> sets the flag, <c>false</c> leaves it out.</summary>
    Switch,

    /// <summary><c>true</c>, <c>false</c>, or a value of the flag's own.</summary>
    SwitchOrWord,
}
