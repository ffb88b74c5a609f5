#!/bin/sh
# Pod default/moved, uid u-6
#SBATCH --job-name=moved
#SBATCH --comment=miniplane:c1:u-6
#SBATCH --chdir=/home/me/.miniplane/pods/u-6
#SBATCH --output=/home/me/.miniplane/pods/u-6/slurm-%j.out
#SBATCH --open-mode=append
#SBATCH --partition=batch
#SBATCH --signal=B:TERM@60
#SBATCH --requeue
#SBATCH --account=proj3
#SBATCH --mem=8192M
#SBATCH --nodes=2
#SBATCH --time=30
#SBATCH --qos=low
#SBATCH --nodelist=jedi1,jedi2
#SBATCH --ntasks=8
exec '/opt/mini plane/miniplane-agent' --config /home/me/.miniplane/pods/u-6/agent.json
