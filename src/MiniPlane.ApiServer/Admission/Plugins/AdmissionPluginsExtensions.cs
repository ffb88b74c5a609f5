using Microsoft.Extensions.DependencyInjection;
using MiniPlane.ApiServer.Admission.PodSecurity;

namespace MiniPlane.ApiServer.Admission.Plugins;

/// <summary>Registers the plug-ins in the order in which kube-apiserver runs them; namespace checks come before all of them.</summary>
public static class AdmissionPluginsExtensions
{
    public static IServiceCollection AddAdmissionPlugins(this IServiceCollection services) => services
        .AddSingleton<IAdmissionPlugin, LimitRangerPlugin>()
        .AddSingleton<IAdmissionPlugin, ServiceAccountPlugin>()
        .AddSingleton<IAdmissionPlugin, AlwaysPullImagesPlugin>()
        .AddSingleton<IAdmissionPlugin, PodNodeSelectorPlugin>()
        .AddSingleton<IAdmissionPlugin, PodSecurityPlugin>()
        .AddSingleton<IAdmissionPlugin, PriorityPlugin>()
        .AddSingleton<IAdmissionPlugin, DefaultTolerationSecondsPlugin>()
        .AddSingleton<IAdmissionPlugin, PodTolerationRestrictionPlugin>()
        .AddSingleton<IAdmissionPlugin, DefaultIngressClassPlugin>()
        .AddSingleton<IAdmissionPlugin, DefaultStorageClassPlugin>()
        .AddSingleton<IAdmissionPlugin, StorageObjectInUseProtectionPlugin>()
        .AddSingleton<IAdmissionPlugin, OwnerReferencesPlugin>()
        .AddSingleton<IAdmissionPlugin, ClaimResizePlugin>()
        .AddSingleton<IAdmissionPlugin, RuntimeClassPlugin>()
        .AddSingleton<IAdmissionPlugin, DenyServiceExternalIPsPlugin>()
        .AddSingleton<IAdmissionPlugin, AlwaysDenyPlugin>()
        .AddSingleton<IAdmissionPlugin, HeadlessServicesPlugin>()
        .AddSingleton<IAdmissionPlugin, ExtendedResourceTolerationPlugin>()
        .AddSingleton<IAdmissionPlugin, LimitPodHardAntiAffinityTopologyPlugin>();
}
